"""Items on their way: written by Cleo, reviewed by Rita, administered by Eve's colleague."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

from PIL import Image

from accounts.models import Role, User
from exams.actions.bank import create_item, save_content, write_version
from exams.actions.pictures import add_picture
from exams.actions.reviews import approve_version, submit_for_review
from exams.content import Choice, VersionContent, Wording
from exams.item_types.true_false import choices_for
from exams.models import Blueprint, BlueprintLine, Exam, Item, ItemBank, ItemVersion, Paper, PaperItem, Picture
from standards.models import Competence
from tests.factories.accounts import staff
from tests.factories.exams import BankFactory, CompetenceFactory


def person(role: str, name: str) -> User:
    """The one person of that name and role."""
    email = f"{name.lower().replace(' ', '.')}.{role}@demo.touchstone.example"
    return User.objects.filter(email=email).first() or staff(role, name)


def cleo() -> User:
    return person(Role.ITEM_WRITER, "Cleo")


def rita() -> User:
    return person(Role.ITEM_REVIEWER, "Rita")


def administrator() -> User:
    return person(Role.ADMINISTRATOR, "Adam")


def content(type: str = "single_choice", *, languages: tuple[str, ...] = ("en", "zh-hans"), **changes: Any) -> VersionContent:
    """Everything a complete version of that type says; a hotspot's picture is the draft's affair."""
    gaps = " [[g1]] [[g2]] [[g3]]" if type == "cloze" else ""
    wordings = {
        language: Wording(f"<p>STEM {language}{gaps}</p>", f"<p>RATIONALE {language}</p>", f"REFERENCE {language}")
        for language in languages
    }
    choices = tuple(
        Choice({language: f"OPTION {number} {language}" for language in languages}, *kind)
        for number, kind in enumerate(OPTIONS.get(type, ()), 1)
    )
    values = {
        "wordings": wordings,
        "choices": choices_for(True) if type == "true_false" else choices,
        "key": KEYS.get(type, {}),
        "presentation": PRESENTATIONS.get(type, {}),
        "points": 4 if type in ("essay", "file_upload") else 1,
        "minutes": Decimal("1.5"),
    }
    return VersionContent(**{**values, **changes})


# is_key, group, pair
OPTIONS: dict[str, list[tuple[Any, ...]]] = {
    "single_choice": [(False,), (True,), (False,)],
    "multiple_response": [(True,), (True,), (False,)],
    "ordering": [(False,), (False,), (False,), (False,)],
    "matching": [
        *((False, "left", 1), (False, "left", 2), (False, "left", 1)),
        *((False, "right", 1), (False, "right", 2), (False, "right", None)),
    ],
    "cloze": [(True, "g3"), (False, "g3")],
}
BANDS = [
    {"points": 2, "text": "BAND FULL", "text_zh": "全部"},
    {"points": 0, "text": "BAND NOTHING", "text_zh": "没有"},
]
RUBRIC = {
    "rubric": [
        {"id": "c1", "title": "CRITERION ONE", "title_zh": "标准一", "points": 2, "bands": BANDS},
        {"id": "c2", "title": "CRITERION TWO", "title_zh": "标准二", "points": 2, "bands": BANDS},
    ]
}
KEYS: dict[str, dict[str, Any]] = {
    "numeric": {"value": "9", "tolerance": "0.05"},
    "short_text": {"accepted": {"en": ["KEYWORD"], "zh-hans": ["关键词"]}},
    "cloze": {
        "gaps": {
            "g1": {"kind": "text", "accepted": {"en": ["KEYWORD"], "zh-hans": ["关键词"]}},
            "g2": {"kind": "number", "value": "3.14", "tolerance": "0.01"},
            "g3": {"kind": "choice"},
        }
    },
    "hotspot": {"areas": [[[0.125, 0.125], [0.5, 0.125], [0.125, 0.5]]]},
    "essay": RUBRIC,
    "file_upload": RUBRIC,
}
PRESENTATIONS: dict[str, dict[str, Any]] = {
    "essay": {"words": [100, 300]},
    "file_upload": {"accepts": [".pdf", ".txt"], "most_bytes": 100_000},
}


def png(size: tuple[int, int] = (40, 30), colour: str = "teal", **how: Any) -> bytes:
    """A small picture as a file."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, **{"format": "PNG", **how})
    return out.getvalue()


def make_picture(bank: ItemBank | None = None, **how: Any) -> Picture:
    return add_picture(bank or BankFactory(), name="network.png", content=png(**how), by=cleo())


def make_item(
    type: str = "single_choice", bank: ItemBank | None = None, *, area: int = 1, level: str = "apply", **fields: Any
) -> Item:
    bank = bank or BankFactory()
    return create_item(
        bank,
        **{
            "code": f"Q-{Item.objects.count() + 1:03}",
            "type": type,
            "competence": Competence.objects.first() or CompetenceFactory(),
            "content_area": area,
            "cognitive_level": level,
            "by": cleo(),
            **fields,
        },
    )


def make_draft(type: str = "single_choice", bank: ItemBank | None = None, **fields: Any) -> ItemVersion:
    """A complete draft, not yet handed in."""
    names = ("languages", "choices", "key", "wordings", "presentation", "stimulus", "scoring_rule", "points")
    changes = {name: fields.pop(name) for name in names if name in fields}
    bank = bank or BankFactory()
    if type == "hotspot" and "presentation" not in changes:
        described = {"en": "A network", "zh-hans": "网络图"}
        changes["presentation"] = {"picture": str(make_picture(bank).uuid), "alt": described}
    version = write_version(make_item(type, bank, **fields), by=cleo())
    return save_content(version, content(type, **changes), by=cleo())


def make_approved(type: str = "single_choice", bank: ItemBank | None = None, **fields: Any) -> ItemVersion:
    version = submit_for_review(make_draft(type, bank, **fields), by=cleo())
    return approve(version)


def approve(version: ItemVersion) -> ItemVersion:
    """From review to live, by one reviewer."""
    return approve_version(version, by=rita())


def make_blueprint(
    areas: dict[int, int], *, pretest_items: int = 0, cognitive_mix: dict[str, int] | None = None, bank: ItemBank | None = None
) -> Blueprint:
    """A blueprint of these areas and counts; weights by count, without a care for 100."""
    number = Blueprint.objects.count() + 1
    blueprint = Blueprint.objects.create(
        code=f"BP-X-{number}",
        bank=bank or BankFactory(),
        scored_items=sum(areas.values()),
        pretest_items=pretest_items,
        minutes=60,
        cut_percent=Decimal(60),
        cognitive_mix=cognitive_mix or {},
    )
    for area, items in areas.items():
        BlueprintLine.objects.create(blueprint=blueprint, number=area, title=f"Area {area}", weight_percent=items, items=items)
    return blueprint


def make_exam(blueprint: Blueprint) -> Exam:
    return Exam.objects.create(code=f"EX-{blueprint.code}", title="Exam", blueprint=blueprint)


def make_paper_of(versions: list[ItemVersion], *, trial: tuple[str, ...] = (), areas: list[int] | None = None) -> Paper:
    """A draft paper of these versions in this order."""
    exam = make_exam(make_blueprint({1: len(versions), 2: 1}, bank=versions[0].item.bank))
    paper = Paper.objects.create(exam=exam, code="A", minutes=60, cut_percent=Decimal(60))
    for position, version in enumerate(versions, 1):
        area = areas[position - 1] if areas else 1
        PaperItem.objects.create(
            paper=paper,
            position=position,
            version=version,
            content_area=area,
            is_scored=version.item.type not in trial,
        )
    return paper
