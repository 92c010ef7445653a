"""What exams tells others. Sent after commit with ids, never objects."""

from django.dispatch import Signal

attempt_submitted = Signal()  # attempt_id
attempt_scored = Signal()  # attempt_id, result_id
result_released = Signal()  # result_id
