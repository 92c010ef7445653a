"""The practice run: one sitting that is open to everybody and counts for nothing."""

from __future__ import annotations

from datetime import timedelta

# The code of its bank, blueprint, exam and sitting; no other sitting may have it (codes are unique).
PRACTICE = "practice"
# What a run leaves behind is deleted after this long; a new run deletes the one before at once.
KEPT_FOR = timedelta(days=7)
