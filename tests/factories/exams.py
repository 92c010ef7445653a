"""Exams for tests: states by name, everything else by default."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import factory
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from exams.actions.sealing import seal_paper
from exams.models import (
    Blueprint,
    BlueprintLine,
    Exam,
    Item,
    ItemBank,
    ItemVersion,
    ItemWording,
    Option,
    OptionWording,
    Paper,
    PaperItem,
    Registration,
    Sitting,
)
from standards.models import Competence

LANGUAGES = ("en", "zh-hans")


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@touchstone.example")
    full_name = factory.Sequence(lambda n: f"Person {n}")
    family_name = factory.Sequence(lambda n: f"Person {n}")


class BankFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ItemBank

    code = factory.Sequence(lambda n: f"bank-{n}")
    name = "Professional technology, level 1"


class CompetenceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Competence

    code = factory.Sequence(lambda n: f"TC-{n}")
    title = "Threat modelling"


class BlueprintFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Blueprint

    code = factory.Sequence(lambda n: f"BP-T-{n}")
    bank = factory.SubFactory(BankFactory)
    scored_items = 4
    minutes = 60
    cut_percent = Decimal(60)


class ExamFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Exam

    code = factory.Sequence(lambda n: f"EX-{n}")
    title = "Professional technology, level 1"
    title_zh = "专业技术一级"
    blueprint = factory.SubFactory(BlueprintFactory)


def make_version(
    type: str,
    bank: ItemBank,
    *,
    options: tuple[bool, ...] = (),
    option_languages: tuple[str, ...] = LANGUAGES,
    **fields: Any,
) -> ItemVersion:
    """An approved version with wordings in both languages; `options` tells which are keys."""
    number = Item.objects.filter(bank=bank).count() + 1
    item = Item.objects.create(
        bank=bank, code=f"I-{number:03}", type=type, competence=CompetenceFactory(), cognitive_level="apply",
        no_edition=True, review_by=date(2040, 1, 1),
    )  # fmt: skip
    version = ItemVersion.objects.create(item=item, written_by=PersonFactory(full_name="Cleo"), **fields)
    for language in LANGUAGES:
        ItemWording.objects.create(
            version=version,
            language=language,
            stem=f"<p>Question {number} ({language})</p>",
            rationale=f"RATIONALE-{number}",
            reference=f"REFERENCE-{number}",
            unit="%" if type == "numeric" else "",
        )
    for position, is_key in enumerate(options, start=1):
        option = Option.objects.create(version=version, position=position, is_key=is_key)
        for language in option_languages:
            OptionWording.objects.create(option=option, language=language, text=f"Option {position} ({language})")
    go_live(ItemVersion.objects.filter(pk=version.pk), by=PersonFactory())
    version.refresh_from_db()
    return version


def go_live(versions: QuerySet[ItemVersion], *, by: User) -> None:
    """Through every state, in bulk: the database lets nothing skip one."""
    now, pks = timezone.now(), list(versions.values_list("pk", flat=True))
    steps: list[dict[str, Any]] = [
        {"status": "subject_review"},
        {"status": "language_review", "subject_reviewed_by": by, "subject_reviewed_at": now},
        {"status": "approved", "approved_by": by, "approved_at": now},
    ]
    for step in steps:
        ItemVersion.objects.filter(pk__in=pks).update(**step)


def make_paper(exam: Exam | None = None, *, sealed: bool = True, repeat: int = 1, **fields: Any) -> Paper:
    """A paper of single choice, multiple response, numeric and short text in two areas, plus a pretest item."""
    exam = exam or ExamFactory()
    blueprint, bank = exam.blueprint, exam.blueprint.bank
    if not blueprint.lines.exists():
        BlueprintLine.objects.create(
            blueprint=blueprint, number=1, title="Shared core", title_zh="共同核心", weight_percent=50, items=2
        )
        BlueprintLine.objects.create(
            blueprint=blueprint, number=2, title="Model security", title_zh="模型安全", weight_percent=50, items=2
        )
    paper = Paper.objects.create(
        exam=exam, **{"code": f"P{exam.papers.count() + 1}", "minutes": 60, "cut_percent": Decimal(60), **fields}
    )
    kinds: list[tuple[int, dict[str, Any], bool]] = []
    for _ in range(repeat):
        kinds += [(1, {"type": "single_choice", "options": (False, True, False, False)}, True)]
        kinds += [
            (1, {"type": "multiple_response", "options": (True, True, False, False), "scoring_rule": "partial_credit"}, True)
        ]
    for _ in range(repeat):
        kinds += [(2, {"type": "numeric", "key": {"value": "3.14", "tolerance": "0.01"}}, True)]
        kinds += [(2, {"type": "short_text", "key": {"accepted": {"en": ["SECRETWORD"], "zh-hans": ["机密词"]}}}, True)]
    kinds += [(2, {"type": "single_choice", "options": (True, False), "keep_option_order": True}, False)]
    for position, (area, kind, is_scored) in enumerate(kinds, start=1):
        version = make_version(bank=bank, **kind)
        PaperItem.objects.create(paper=paper, position=position, version=version, content_area=area, is_scored=is_scored)
    return seal_paper(paper, by=PersonFactory(full_name="Eve")) if sealed else paper


def make_sitting(paper: Paper | None = None, **fields: Any) -> Sitting:
    """A sitting that opened an hour ago and runs for a day, with no grace, as the tests count seconds."""
    paper = paper or make_paper()
    now = timezone.now()
    defaults = {
        "opens_at": now - timedelta(hours=1),
        "closes_at": now + timedelta(days=1),
        "minutes": paper.minutes,
        "grace_seconds": 0,
        "capacity": 1000,
        "code": f"sitting-{Sitting.objects.count() + 1}",
        "name": "Monday morning",
    }
    return Sitting.objects.create(exam=paper.exam, paper=paper, **{**defaults, **fields})


def make_registration(sitting: Sitting | None = None, candidate: User | None = None, **fields: Any) -> Registration:
    return Registration.objects.create(
        sitting=sitting or make_sitting(),
        candidate=candidate or PersonFactory(full_name="Ada"),
        **{"registered_at": timezone.now(), **fields},
    )
