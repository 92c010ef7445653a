"""What courses tells others. Sent after commit with ids, never objects."""

from django.dispatch import Signal

course_completed = Signal()  # enrolment_id
