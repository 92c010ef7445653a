import json
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Fill a demonstration with believable people, partners, exams and certificates. A second time changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print what was seeded as one JSON object, and nothing else.")
        parser.add_argument("--render", action="store_true", help="Make the certificates' PDFs here instead of by a worker.")

    def handle(self, *args: Any, **options: Any) -> None:
        # A published password on a real site would be an open door.
        if settings.PRODUCTION or not settings.DEMO:
            raise CommandError("The demo logins have a published password, so they are never made on a real site.")
        from demo.seed.certificates import render_waiting
        from demo.seed.report import report, table
        from demo.seed.stages import seed

        _do_without_shared_cache()
        seed(lambda line: self.stderr.write(f"seeded: {line}") if options["verbosity"] > 1 else None)
        if options["render"]:
            render_waiting()
        seeded = report()
        self.stdout.write(json.dumps(seeded, ensure_ascii=False, indent=2) if options["json"] else table(seeded))


def _do_without_shared_cache() -> None:
    """The shared cache lives with the broker and may be away like it: what would be cached then stays in here."""
    try:
        caches["default"].get("seed_demo")
    except Exception:  # whatever the backend raises, it cannot be used
        caches["default"] = LocMemCache("seed_demo", {})
