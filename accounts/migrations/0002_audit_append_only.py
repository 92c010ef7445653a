"""The database itself refuses to change or remove an audit entry."""

from django.db import migrations

from common.triggers import ForbidChange


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [ForbidChange("accounts_auditentry", "the audit trail is append-only")]
