"""Items on their way: written by Cleo, reviewed by Rita, administered by Eve's colleague."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from accounts.models import Role, User
from exams.actions.bank import create_item, save_content, write_version
from exams.actions.reviews import approve_version, submit_for_review
from exams.content import Choice, VersionContent, Wording
from exams.models import Blueprint, BlueprintLine, Exam, Item, ItemBank, ItemVersion
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
    """Everything a complete version of that type says."""
    wordings = {
        language: Wording(f"<p>STEM {language}</p>", f"<p>RATIONALE {language}</p>", f"REFERENCE {language}")
        for language in languages
    }
    keys = {"single_choice": (False, True, False), "multiple_response": (True, True, False)}.get(type, ())
    choices = tuple(
        Choice({language: f"OPTION {number} {language}" for language in languages}, is_key)
        for number, is_key in enumerate(keys, 1)
    )
    key = {
        "numeric": {"value": "9", "tolerance": "0.05"},
        "short_text": {"accepted": {"en": ["KEYWORD"], "zh-hans": ["关键词"]}},
    }.get(type, {})
    return VersionContent(**{"wordings": wordings, "choices": choices, "key": key, "minutes": Decimal("1.5"), **changes})


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
    changes = {name: fields.pop(name) for name in ("languages", "choices", "key", "wordings") if name in fields}
    version = write_version(make_item(type, bank, **fields), by=cleo())
    return save_content(version, content(type, **changes), by=cleo())


def make_approved(type: str = "single_choice", bank: ItemBank | None = None, **fields: Any) -> ItemVersion:
    version = submit_for_review(make_draft(type, bank, **fields), by=cleo())
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
