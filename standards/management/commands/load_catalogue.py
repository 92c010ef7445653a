from typing import Any

from django.core.management.base import BaseCommand

from standards.actions.catalogue import load_catalogue


class Command(BaseCommand):
    help = "Load bodies, standards, editions, relations, tracks, levels and competences from the starter files."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"catalogue: {load_catalogue()}")
