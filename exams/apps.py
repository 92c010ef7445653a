from django.apps import AppConfig


class ExamsConfig(AppConfig):
    name = "exams"
    verbose_name = "Exams"

    def ready(self) -> None:
        from exams import (
            integrity,  # noqa: F401 (it registers itself)
            integrity_bank,  # noqa: F401 (they register themselves)
            integrity_quality,  # noqa: F401 (they register themselves)
            integrity_room,  # noqa: F401 (they register themselves)
            integrity_timing,  # noqa: F401 (they register themselves)
            results_integrity,  # noqa: F401 (they register themselves)
        )
        from exams.on_paper import integrity as on_paper  # noqa: F401 (so does this)
