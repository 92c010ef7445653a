"""Answer sheets: what two people agreed on stays as they keyed it in."""

from __future__ import annotations

from exams.triggers.conditions import changed


def sheet_closed(sheet: object) -> str:
    return f"EXISTS (SELECT 1 FROM exams_answersheet s WHERE s.id = {sheet} AND s.status <> 'open')"


# name, table, act, refused when, in words
TRIGGERS = [
    (
        "exams_answersheet_final",
        "exams_answersheet",
        "UPDATE",
        "(OLD.status <> 'open' OR " + changed("uuid", "registration_id", "paper_id", "language", "reason", "started_at") + ")",
        "a closed answer sheet never changes",
    ),
    ("exams_answersheet_kept", "exams_answersheet", "DELETE", "(OLD.id IS NOT NULL)", "answer sheets are kept"),
    ("exams_keyin_added", "exams_keyin", "INSERT", sheet_closed("NEW.sheet_id"), "a closed answer sheet never changes"),
    ("exams_keyin_closed", "exams_keyin", "UPDATE", sheet_closed("OLD.sheet_id"), "a closed answer sheet never changes"),
    ("exams_keyin_kept", "exams_keyin", "DELETE", "(OLD.id IS NOT NULL)", "what was keyed in is kept"),
]
