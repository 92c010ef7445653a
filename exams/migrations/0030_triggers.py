from django.db import migrations

from exams.triggers.installing import install, uninstall


class Migration(migrations.Migration):
    """Always after everything that changes the guarded tables: on SQLite a rebuilt table has lost its triggers.

    The number leaves room: what comes before it is named here. Once this has landed, a later change of those tables ends
    with a migration of its own that runs `install` again."""

    dependencies = [
        ("exams", "0003_stimuli_and_pictures"),
        ("exams", "0004_uploads_and_shown_pictures"),
        ("exams", "0005_technical_reports"),
        ("exams", "0006_parallel_papers"),
        ("exams", "0007_item_imports"),
        ("exams", "0008_cut_studies"),
        ("exams", "0010_workflow"),
        ("exams", "0011_item_quality"),
        ("exams", "0012_entitlements"),
        ("exams", "0013_room"),
        ("exams", "0014_marking"),
        ("exams", "0015_results"),
        ("exams", "0016_on_paper"),
    ]
    operations = [migrations.RunPython(install, uninstall)]
