"""How a paper comes to be: blueprints and exams, then drawing. Sealing is in `sealing`."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from random import Random

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.models import User
from exams.assembly.drawing import Candidate, Draw, Line, draw_items
from exams.errors import BlueprintInvalid, CodeTaken, NotYourBank, PaperInUse, SealedTogether
from exams.models import Blueprint, BlueprintCell, BlueprintLine, Exam, ItemBank, ItemVersion, Paper, PaperItem, Sitting
from exams.models.items import CognitiveLevel
from exams.queries.drawing import enemy_pairs, usable_versions
from exams.rules.bank import can_administer_exams
from standards.models import Competence, Level, Track


@dataclass(frozen=True)
class Area:
    """One content area as it is to be: how much it weighs, how many scored items it gets."""

    number: int
    title: str
    title_zh: str
    weight_percent: int
    items: int
    competences: tuple[str, ...] = ()


@dataclass(frozen=True)
class BlueprintPlan:
    """A blueprint as it is to be, its areas apart."""

    scored_items: int
    pretest_items: int
    minutes: int
    cut_percent: Decimal
    cut_is_provisional: bool = True
    cognitive_mix: dict[str, int] | None = None
    area_floor_percent: int = 0


@transaction.atomic
def define_blueprint(code: str, *, bank: ItemBank, plan: BlueprintPlan, areas: Sequence[Area], by: User) -> Blueprint:
    """Make a blueprint, or bring the one of this code to this shape. Papers already drawn keep theirs.

    Raises NotYourBank, BlueprintInvalid (weights that are not 100, items that do not add up).
    """
    if not can_administer_exams(by):
        raise NotYourBank
    _check_sums(plan, areas)
    blueprint = Blueprint.objects.select_for_update().filter(code=code).first() or Blueprint(code=code)
    is_new = blueprint.pk is None
    blueprint.bank = bank
    for name, value in asdict(plan).items():
        setattr(blueprint, name, {} if value is None else value)
    blueprint.save()
    blueprint.lines.exclude(number__in=[area.number for area in areas]).delete()
    for area in areas:
        line, _created = BlueprintLine.objects.update_or_create(
            blueprint=blueprint,
            number=area.number,
            defaults={
                "title": area.title,
                "title_zh": area.title_zh,
                "weight_percent": area.weight_percent,
                "items": area.items,
            },
        )
        line.competences.set(Competence.objects.filter(code__in=area.competences))
    record("blueprint.created" if is_new else "blueprint.changed", blueprint, by=by, summary=code, details=asdict(plan))
    return blueprint


def _check_sums(plan: BlueprintPlan, areas: Sequence[Area]) -> None:
    if not areas:
        raise BlueprintInvalid(_("A blueprint needs at least one content area."))
    if len({area.number for area in areas}) < len(areas):
        raise BlueprintInvalid(_("Two content areas have the same number."))
    weights, items = sum(area.weight_percent for area in areas), sum(area.items for area in areas)
    if weights != 100:
        raise BlueprintInvalid(_("The weights add up to %(sum)s percent instead of 100.") % {"sum": weights})
    if items != plan.scored_items:
        raise BlueprintInvalid(
            _("The areas have %(sum)s items, the blueprint says %(scored)s.") % {"sum": items, "scored": plan.scored_items}
        )
    mix = sum((plan.cognitive_mix or {}).values())
    if plan.cognitive_mix and mix != 100:
        raise BlueprintInvalid(_("The cognitive mix adds up to %(sum)s percent instead of 100.") % {"sum": mix})
    if not 0 < plan.cut_percent <= 100:
        raise BlueprintInvalid(_("The cut must lie between 0 and 100 percent."))


@transaction.atomic
def set_grid(blueprint: Blueprint, grid: Mapping[tuple[int, str], int], *, by: User) -> Blueprint:
    """Say for every area how many of its items are at which level; an empty grid goes back to the mix.

    Papers already drawn or assembled keep theirs. Raises NotYourBank, BlueprintInvalid.
    """
    if not can_administer_exams(by):
        raise NotYourBank
    blueprint = Blueprint.objects.select_for_update(of=("self",)).get(pk=blueprint.pk)
    lines = {line.number: line for line in blueprint.lines.all()}
    wanted = {cell: items for cell, items in grid.items() if items}
    if any(area not in lines or level not in CognitiveLevel.values for area, level in wanted):
        raise BlueprintInvalid(_("The grid names an area or a level that the blueprint does not have."))
    for number, line in lines.items() if wanted else ():
        have = sum(items for (area, _level), items in wanted.items() if area == number)
        if have != line.items:
            raise BlueprintInvalid(
                _("Area %(area)s: its levels add up to %(sum)s items instead of %(items)s.")
                % {"area": number, "items": line.items, "sum": have}
            )
    BlueprintCell.objects.filter(line__blueprint=blueprint).delete()
    BlueprintCell.objects.bulk_create(
        BlueprintCell(line=lines[area], level=level, items=items) for (area, level), items in sorted(wanted.items())
    )
    details = {"grid": [[area, level, items] for (area, level), items in sorted(wanted.items())]}
    record("blueprint.grid_set", blueprint, by=by, summary=blueprint.code, details=details)
    return blueprint


@transaction.atomic
def create_exam(
    code: str, *, title: str, title_zh: str, blueprint: Blueprint, track: Track | None, level: Level | None, by: User
) -> Exam:
    """A named examination over a blueprint. Raises NotYourBank, CodeTaken."""
    if not can_administer_exams(by):
        raise NotYourBank
    if Exam.objects.filter(code=code).exists():
        raise CodeTaken
    exam = Exam.objects.create(code=code, title=title, title_zh=title_zh, blueprint=blueprint, track=track, level=level)
    record("exam.created", exam, by=by, summary=code)
    return exam


@transaction.atomic
def draw_paper(exam: Exam, *, code: str, seed: int | None = None, by: User, at: datetime | None = None) -> Paper:
    """Draw a draft paper from the exam's blueprint: the same bank and the same seed give the same paper.

    Exact counts per content area, pretest items unscored, the cognitive mix as near as the bank allows, no two
    enemies together, only approved versions worded in every language. Raises NotYourBank, CodeTaken, and
    TooFewItems, which names each gap.
    """
    if not can_administer_exams(by):
        raise NotYourBank
    if exam.papers.filter(code=code).exists():
        raise CodeTaken
    blueprint = exam.blueprint
    chosen_seed = secrets.randbelow(2**31) if seed is None else seed
    draw = _draw(blueprint, chosen_seed)
    paper = Paper.objects.create(
        exam=exam,
        code=code,
        seed=chosen_seed,
        minutes=blueprint.minutes,
        cut_percent=blueprint.cut_percent,
        cut_is_provisional=blueprint.cut_is_provisional,
    )
    PaperItem.objects.bulk_create(
        PaperItem(paper=paper, position=position, version_id=version_id, content_area=area, is_scored=is_scored)
        for position, (version_id, area, is_scored) in enumerate(_cases_together(_in_order(draw, chosen_seed)), 1)
    )
    record("paper.drawn", paper, by=by, summary=str(paper), details={"seed": chosen_seed, "items": paper.items.count()}, at=at)
    return paper


def _draw(blueprint: Blueprint, seed: int) -> Draw:
    candidates = [
        Candidate(version.pk, version.item_id, version.item.code, version.item.content_area, version.item.cognitive_level)
        for version in usable_versions(blueprint.bank)
    ]
    lines = [Line(line.number, line.items, line.weight_percent) for line in blueprint.lines.all()]
    return draw_items(
        candidates,
        lines,
        pretest_items=blueprint.pretest_items,
        cognitive_mix=blueprint.cognitive_mix,
        enemies=enemy_pairs(blueprint.bank),
        seed=seed,
    )


def _in_order(draw: Draw, seed: int) -> list[tuple[int, int, bool]]:
    """Areas stay together, in the blueprint's order; within one, items on trial stand anywhere among the others."""
    shuffle = Random(seed)  # noqa: S311 (an order that anybody may recompute from the seed, no secret)
    ordered: list[tuple[int, int, bool]] = []
    for area in sorted({candidate.area for candidate in (*draw.scored, *draw.pretest)}):
        members = [(candidate.version_id, area, True) for candidate in draw.scored if candidate.area == area]
        members += [(candidate.version_id, area, False) for candidate in draw.pretest if candidate.area == area]
        shuffle.shuffle(members)
        ordered += members
    return ordered


def _cases_together(ordered: list[tuple[int, int, bool]]) -> list[tuple[int, int, bool]]:
    """In each area the items about one stimulus follow the first of them; the others keep their order."""
    chosen = [version_id for version_id, _area, _is_scored in ordered]
    cases = dict(
        ItemVersion.objects.filter(pk__in=chosen, stimulus__isnull=False)
        .order_by("item__code")
        .values_list("pk", "stimulus_id")
    )
    by_code = {version_id: number for number, version_id in enumerate(cases)}
    first: dict[tuple[int, int], int] = {}
    for place, (version_id, area, _is_scored) in enumerate(ordered):
        first.setdefault((cases.get(version_id, -version_id), area), place)
    return sorted(ordered, key=lambda one: (first[cases.get(one[0], -one[0]), one[1]], by_code.get(one[0], 0)))


@transaction.atomic
def discard_paper(paper: Paper, *, by: User) -> Exam:
    """Throw a draft paper away. A sealed one is retired instead. Raises NotYourBank, PaperInUse, SealedTogether."""
    if not can_administer_exams(by):
        raise NotYourBank
    paper = Paper.objects.select_for_update().select_related("exam").get(pk=paper.pk)
    if paper.set_id and paper.status == Paper.Status.DRAFT:
        raise SealedTogether
    if paper.status != Paper.Status.DRAFT:
        raise PaperInUse(_("Only a draft can be discarded; a sealed paper is retired."))
    record("paper.discarded", paper, by=by, summary=str(paper))
    exam = paper.exam
    paper.delete()
    return exam


@transaction.atomic
def retire_paper(paper: Paper, *, by: User, at: datetime | None = None) -> Paper:
    """No new sitting uses this paper. Raises NotYourBank, PaperInUse while a sitting of it is planned."""
    if not can_administer_exams(by):
        raise NotYourBank
    paper = Paper.objects.select_for_update().select_related("exam").get(pk=paper.pk)
    if paper.status != Paper.Status.SEALED or paper.sittings.filter(status=Sitting.Status.PLANNED).exists():
        raise PaperInUse
    paper.status = Paper.Status.RETIRED
    paper.save(update_fields=["status"])
    record("paper.retired", paper, by=by, summary=str(paper), at=at)
    return paper
