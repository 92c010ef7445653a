"""What certificates tells others. Sent after commit with ids, never objects."""

from django.dispatch import Signal

application_opened = Signal()  # application_id
certificate_issued = Signal()  # certificate_id
certificate_status_changed = Signal()  # certificate_id
