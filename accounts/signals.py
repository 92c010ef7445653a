"""What accounts tells others. Sent after commit with ids, never objects."""

from django.dispatch import Signal

profile_completed = Signal()  # user_id
