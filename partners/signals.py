"""What partners tells others. Sent after commit with ids, never objects."""

from django.dispatch import Signal

cohort_place_activated = Signal()  # place_id: a person has joined a cohort
