from typing import Any

from django.core.management.base import BaseCommand

from courses.actions.starter import load_courses


class Command(BaseCommand):
    help = "Load courses and lessons from the starter files. Needs load_catalogue first; load_site makes their pages."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"courses: {load_courses()}")
