from typing import Any

from django.core.management.base import BaseCommand

from cms.actions.roles import set_up_roles
from cms.actions.starter import load_site
from standards.actions.catalogue import load_catalogue


class Command(BaseCommand):
    help = "Load the catalogue, the courses and every page of the starter site, and set up what staff roles may do."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"catalogue: {load_catalogue()}")
        self.stdout.write(f"site: {load_site()}")
        set_up_roles()
        self.stdout.write("roles: set up")
