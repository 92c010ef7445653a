"""Papers, sets of papers and the sittings they are used in."""

from __future__ import annotations

from exams.triggers.conditions import changed


def paper_sealed(paper: object) -> str:
    return f"EXISTS (SELECT 1 FROM exams_paper p WHERE p.id = {paper} AND p.status <> 'draft')"


def sitting_begun(sitting: object) -> str:
    return (
        "EXISTS (SELECT 1 FROM exams_attempt a JOIN exams_registration r ON r.id = a.registration_id "
        f"WHERE r.sitting_id = {sitting})"
    )


# name, table, act, refused when, in words
TRIGGERS = [
    (
        "exams_paperpicture_added",
        "exams_paper_pictures",
        "INSERT",
        paper_sealed("NEW.paper_id"),
        "a sealed paper never changes",
    ),
    (
        "exams_paperpicture_kept",
        "exams_paper_pictures",
        "DELETE",
        paper_sealed("OLD.paper_id"),
        "a sealed paper never changes",
    ),
    (
        "exams_paper_sealed",
        "exams_paper",
        "UPDATE",
        "(OLD.status <> 'draft' AND ("
        + changed(
            "uuid",
            "exam_id",
            "code",
            "seed",
            "minutes",
            "cut_percent",
            "cut_is_provisional",
            "digest",
            "sealed_at",
            "sealed_by_id",
            "set_id",
            "letter",
            "is_spare",
        )
        + " OR NOT (NEW.status = OLD.status OR (OLD.status = 'sealed' AND NEW.status = 'retired'))))",
        "a sealed paper never changes",
    ),
    ("exams_paper_kept", "exams_paper", "DELETE", "(OLD.status <> 'draft')", "a sealed paper is kept"),
    (
        "exams_paperset_sealed",
        "exams_paperset",
        "UPDATE",
        "(OLD.status = 'sealed' AND "
        + changed(
            "uuid",
            "exam_id",
            "code",
            "status",
            "seed",
            "paper_count",
            "has_spare",
            "plan",
            "limits",
            "facts",
            "digest",
            "sealed_at",
            "sealed_by_id",
        )
        + ")",
        "a sealed paper set never changes",
    ),
    ("exams_paperset_kept", "exams_paperset", "DELETE", "(OLD.status = 'sealed')", "a sealed paper set is kept"),
    (
        "exams_sitting_paper",
        "exams_sitting",
        "UPDATE",
        f"({changed('paper_id')} AND {sitting_begun('OLD.id')})",
        "a sitting that somebody has started keeps its paper",
    ),
    (
        "exams_swap_final",
        "exams_spareswap",
        "UPDATE",
        "(OLD.status <> 'proposed' OR "
        + changed("uuid", "sitting_id", "paper_before_id", "paper_after_id", "reason", "proposed_by_id", "proposed_at")
        + ")",
        "a decided swap is final",
    ),
    ("exams_paperitem_added", "exams_paperitem", "INSERT", paper_sealed("NEW.paper_id"), "a sealed paper never changes"),
    (
        "exams_paperitem_sealed",
        "exams_paperitem",
        "UPDATE",
        f"({paper_sealed('OLD.paper_id')} OR {paper_sealed('NEW.paper_id')})",
        "a sealed paper never changes",
    ),
    ("exams_paperitem_kept", "exams_paperitem", "DELETE", paper_sealed("OLD.paper_id"), "a sealed paper never changes"),
    ("exams_rendering_added", "exams_paperrendering", "INSERT", paper_sealed("NEW.paper_id"), "a sealed paper never changes"),
    (
        "exams_rendering_sealed",
        "exams_paperrendering",
        "UPDATE",
        f"({paper_sealed('OLD.paper_id')} OR {paper_sealed('NEW.paper_id')})",
        "a sealed paper never changes",
    ),
    ("exams_rendering_kept", "exams_paperrendering", "DELETE", paper_sealed("OLD.paper_id"), "a sealed paper never changes"),
]
