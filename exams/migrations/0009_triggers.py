from django.db import migrations

from exams.triggers import install, uninstall


class Migration(migrations.Migration):
    """Always after everything that changes the guarded tables: on SQLite a rebuilt table has lost its triggers."""

    dependencies = [
        ("exams", "0003_stimuli_and_pictures"),
        ("exams", "0004_uploads_and_shown_pictures"),
        ("exams", "0005_technical_reports"),
        ("exams", "0006_parallel_papers"),
        ("exams", "0007_item_imports"),
        ("exams", "0008_cut_studies"),
    ]
    operations = [migrations.RunPython(install, uninstall)]
