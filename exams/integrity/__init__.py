"""What `check_integrity` looks at in exams, one file per part; each check registers itself."""

from __future__ import annotations

from exams.integrity import attempts, bank, marking, on_paper, quality, results, room, timing

__all__ = ["attempts", "bank", "marking", "on_paper", "quality", "results", "room", "timing"]
