"""Parallel papers: asked for, assembled in the background, sealed together or thrown away."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import asdict
from datetime import datetime
from importlib.metadata import version as package_version
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.models import User
from common.errors import DomainError
from common.events import ring
from exams.actions.claims import CLAIM, kept_claim
from exams.actions.sealing import seal_paper
from exams.assembly import apart
from exams.assembly.ordering import in_order
from exams.assembly.plan import SPARE, Built, Entry, Limits, Specification
from exams.content import offered_languages
from exams.errors import CodeTaken, NotYourBank, PaperInUse, PaperSetNotValid
from exams.models import Exam, Paper, PaperItem, PaperSet
from exams.queries.assembling import letters_of, plan_of, pool_digest, pool_of
from exams.queries.drawing import enemy_pairs
from exams.queries.paper_sets import due_sets, findings_of
from exams.rules.bank import can_administer_exams

log = structlog.get_logger("touchstone.exams")

Status, Step = PaperSet.Status, PaperSet.Step
MOST_TRIES = 3


@transaction.atomic
def request_paper_set(
    exam: Exam,
    *,
    code: str,
    paper_count: int,
    has_spare: bool = True,
    limits: Limits | None = None,
    ability: float = 0.0,
    seed: int | None = None,
    by: User,
    at: datetime | None = None,
) -> PaperSet:
    """Ask for parallel papers; a worker assembles them. Raises NotYourBank, CodeTaken, BlueprintInvalid."""
    from exams.tasks import assemble_paper_set_task

    if not can_administer_exams(by):
        raise NotYourBank
    letters = letters_of(paper_count, has_spare=has_spare)
    codes = [paper_code(code, letter) for letter in letters]
    if exam.paper_sets.filter(code=code).exists() or exam.papers.filter(code__in=codes).exists():
        raise CodeTaken
    plan = plan_of(exam.blueprint, letters=letters, limits=limits or Limits())
    paper_set = PaperSet.objects.create(
        exam=exam,
        code=code,
        paper_count=paper_count,
        has_spare=has_spare,
        seed=secrets.randbelow(2**31) if seed is None else seed,
        plan=plan.as_json(),
        limits={"ability": ability},
        asked_by=by,
        asked_at=at or timezone.now(),
    )
    details = {"seed": paper_set.seed, "papers": list(letters), "limits": asdict(plan.limits), "ability": ability}
    record("paper_set.requested", paper_set, by=by, summary=str(paper_set), details=details, at=at)
    ring(assemble_paper_set_task, paper_set.pk)
    return paper_set


def paper_code(code: str, letter: str) -> str:
    return f"{code}-{letter}"


def assemble_paper_set(paper_set_id: int, *, at: datetime | None = None) -> PaperSet | None:
    """Assemble what was asked for, if it is due. None when another worker has it, or when it is done."""
    paper_set = _claim(paper_set_id, at=at)
    if paper_set is None:
        return None
    try:
        with kept_claim(PaperSet.objects.filter(pk=paper_set.pk, status=Status.SOLVING, tries=paper_set.tries)):
            return _assemble(paper_set, at=at)
    except DomainError as refusal:
        return _fail(paper_set, str(refusal.text))
    except Exception as error:  # the row must say what happened, whatever it was
        log.warning("assembly_failed", paper_set=paper_set.pk, error=type(error).__name__)
        if paper_set.tries < MOST_TRIES:
            PaperSet.objects.filter(pk=paper_set.pk).update(status=Status.WAITING, claimed_until=None)
            raise
        return _fail(paper_set, f"{type(error).__name__}: {error}"[:500])


def _assemble(paper_set: PaperSet, *, at: datetime | None) -> PaperSet | None:
    pool = pool_of(paper_set.exam.blueprint, ability=float(paper_set.limits.get("ability", 0)))
    enemies = enemy_pairs(paper_set.exam.blueprint.bank)
    _go_to(paper_set, Step.SOLVING)
    try:
        built = apart.build_papers(pool, Specification.from_json(paper_set.plan), enemies, seed=paper_set.seed)
    finally:
        apart.rest()
    if not built.is_found:
        return _store_obstacles(paper_set, built, at=at)
    _go_to(paper_set, Step.STORING)
    return _store_papers(paper_set, built, pool, enemies, at=at)


def _claim(paper_set_id: int, *, at: datetime | None) -> PaperSet | None:
    now = at or timezone.now()
    due = due_sets(now).filter(pk=paper_set_id).order_by()
    if not due.update(status=Status.SOLVING, step=Step.READING, claimed_until=now + CLAIM, tries=F("tries") + 1):
        return None
    paper_set = PaperSet.objects.select_related("exam__blueprint__bank").get(pk=paper_set_id)
    if paper_set.tries > MOST_TRIES:
        _fail(paper_set, _("The worker ended every time before the papers were found."))
        return None
    return paper_set


def _go_to(paper_set: PaperSet, step: str) -> None:
    PaperSet.objects.filter(pk=paper_set.pk, tries=paper_set.tries).update(step=step, claimed_until=timezone.now() + CLAIM)


def _still_ours(paper_set: PaperSet) -> PaperSet | None:
    """The row, locked, if no other worker has taken it over and nobody has thrown it away meanwhile."""
    ours = PaperSet.objects.select_for_update(of=("self",)).select_related("exam__blueprint")
    return ours.filter(pk=paper_set.pk, status=Status.SOLVING, tries=paper_set.tries).first()


@transaction.atomic
def _store_papers(
    paper_set: PaperSet, built: Built, pool: list[Entry], enemies: frozenset[frozenset[int]], *, at: datetime | None
) -> PaperSet | None:
    row = _still_ours(paper_set)
    if row is None:
        return None
    for letter, chosen in built.papers.items():
        _store_paper(row, letter, [(each.entry, each.is_scored) for each in in_order(chosen, seed=row.seed, letter=letter)])
    row.facts = _facts(built, pool, enemies)
    row.report = {}
    _finish(row, Status.DONE, at=at)
    # The validator's word before anybody sees the papers: what it refuses is a fault of ours, not of the bank.
    findings = findings_of(row)
    if findings:
        raise PaperSetNotValid(" ".join(findings[:5]))
    details = {"papers": sorted(built.papers), "pool": row.facts["pool"]}
    record("paper_set.assembled", row, by=None, summary=str(row), details=details, at=at)
    return row


def _store_paper(paper_set: PaperSet, letter: str, ordered: list[tuple[Entry, bool]]) -> Paper:
    blueprint = paper_set.exam.blueprint
    paper = Paper.objects.create(
        exam=paper_set.exam,
        code=paper_code(paper_set.code, letter),
        seed=paper_set.seed,
        minutes=blueprint.minutes,
        cut_percent=blueprint.cut_percent,
        cut_is_provisional=blueprint.cut_is_provisional,
        set=paper_set,
        letter=letter,
        is_spare=letter == SPARE,
    )
    PaperItem.objects.bulk_create(
        PaperItem(paper=paper, position=number, version_id=entry.version, content_area=entry.area, is_scored=is_scored)
        for number, (entry, is_scored) in enumerate(ordered, 1)
    )
    return paper


def _facts(built: Built, pool: list[Entry], enemies: frozenset[frozenset[int]]) -> dict[str, Any]:
    """What decided and may change later, so that the papers can be checked by it for ever."""
    chosen = {each.entry.version: each.entry for papers in built.papers.values() for each in papers}
    items = {entry.item for entry in chosen.values()}
    names = ("item", "level", "tenths", "borderline", "source", "information", "together", "seen")
    return {
        "versions": {str(version): {name: getattr(entry, name) for name in names} for version, entry in chosen.items()},
        "enemies": sorted(sorted(pair) for pair in enemies if pair & items),
        "languages": offered_languages(),
        "solver": f"OR-tools {package_version('ortools')}",
        "pool": pool_digest(pool),
        "pool_size": len(pool),
    }


@transaction.atomic
def _store_obstacles(paper_set: PaperSet, built: Built, *, at: datetime | None) -> PaperSet | None:
    row = _still_ours(paper_set)
    if row is None:
        return None
    row.report = {
        "gaps": [asdict(gap) for gap in built.gaps],
        "gaps_are_fewest": built.gaps_are_fewest,
        "tight": dict(built.tight),
    }
    if built.ran_out_of_time:
        row.failure = _("No papers were found in the time allowed, and it is not known whether there are any.")
    return _finish(row, Status.FAILED if built.ran_out_of_time else Status.INFEASIBLE, at=at)


def _finish(row: PaperSet, status: str, *, at: datetime | None) -> PaperSet:
    row.status, row.step, row.claimed_until, row.finished_at = status, "", None, at or timezone.now()
    row.save(update_fields=["status", "step", "claimed_until", "finished_at", "facts", "report", "failure"])
    return row


def _fail(paper_set: PaperSet, reason: str) -> PaperSet:
    PaperSet.objects.filter(pk=paper_set.pk, status=Status.SOLVING).update(
        status=Status.FAILED, step="", failure=reason[:500], claimed_until=None, finished_at=timezone.now()
    )
    paper_set.refresh_from_db()
    return paper_set


@transaction.atomic
def seal_paper_set(paper_set: PaperSet, *, by: User, at: datetime | None = None) -> PaperSet:
    """Seal every paper of the set, or none. A sealed set comes back as it is.

    Raises NotYourBank, PaperInUse (not assembled yet), PaperNotSealable, PaperSetNotValid (with what the validator found).
    """
    if not can_administer_exams(by):
        raise NotYourBank
    paper_set = PaperSet.objects.select_for_update(of=("self",)).select_related("exam__blueprint__bank").get(pk=paper_set.pk)
    if paper_set.status == Status.SEALED:
        return paper_set
    if paper_set.status != Status.DONE:
        raise PaperInUse(_("Only papers that were found can be sealed."))
    papers = [seal_paper(paper, with_its_set=True, by=by, at=at) for paper in paper_set.papers.order_by("letter")]
    findings = findings_of(paper_set)
    if findings:
        raise PaperSetNotValid(" ".join(findings[:5]), findings=findings)
    paper_set.digest = set_digest(paper_set, papers)
    paper_set.status, paper_set.sealed_by, paper_set.sealed_at = Status.SEALED, by, at or timezone.now()
    paper_set.save(update_fields=["digest", "status", "sealed_by", "sealed_at"])
    details = {"digest": paper_set.digest, "papers": {paper.letter: paper.digest for paper in papers}}
    record("paper_set.sealed", paper_set, by=by, summary=str(paper_set), details=details, at=at)
    return paper_set


def set_digest(paper_set: PaperSet, papers: list[Paper]) -> str:
    """SHA-256 over the digests of the papers (versions and order), and all they were assembled by."""
    content = {
        "set": str(paper_set.uuid),
        "seed": paper_set.seed,
        "papers": {paper.letter: paper.digest for paper in papers},
        "spare": [paper.letter for paper in papers if paper.is_spare],
        "plan": paper_set.plan,
        "facts": paper_set.facts,
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


@transaction.atomic
def discard_paper_set(paper_set: PaperSet, *, by: User) -> Exam:
    """Throw a set away that was never sealed, with its drafts. Raises NotYourBank, PaperInUse."""
    if not can_administer_exams(by):
        raise NotYourBank
    paper_set = PaperSet.objects.select_for_update(of=("self",)).select_related("exam").get(pk=paper_set.pk)
    if paper_set.status == Status.SEALED:
        raise PaperInUse(_("A sealed set is kept. Retire its papers one by one."))
    record("paper_set.discarded", paper_set, by=by, summary=str(paper_set))
    exam = paper_set.exam
    paper_set.papers.all().delete()
    paper_set.delete()
    return exam


@transaction.atomic
def retry_paper_set(paper_set: PaperSet, *, by: User) -> PaperSet:
    """Assemble again what was not possible or failed, over the bank and blueprint of today. Raises NotYourBank, PaperInUse."""
    from exams.tasks import assemble_paper_set_task

    if not can_administer_exams(by):
        raise NotYourBank
    paper_set = PaperSet.objects.select_for_update(of=("self",)).select_related("exam__blueprint").get(pk=paper_set.pk)
    if paper_set.status not in (Status.INFEASIBLE, Status.FAILED):
        raise PaperInUse(_("Only what was not possible or failed is tried again."))
    before = Specification.from_json(paper_set.plan)
    paper_set.plan = plan_of(paper_set.exam.blueprint, letters=before.letters, limits=before.limits).as_json()
    paper_set.status, paper_set.tries, paper_set.failure, paper_set.report = Status.WAITING, 0, "", {}
    paper_set.save(update_fields=["plan", "status", "tries", "failure", "report"])
    record("paper_set.requested_again", paper_set, by=by, summary=str(paper_set))
    ring(assemble_paper_set_task, paper_set.pk)
    return paper_set
