"""Banks of rows, made quickly: what assembly reads, and no more."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import Role, User
from exams.actions.paper_sets import assemble_paper_set, request_paper_set, seal_paper_set
from exams.assembly.plan import Limits
from exams.models import Exam, Item, ItemBank, ItemEstimate, ItemVersion, ItemWording, Option, OptionWording, PaperSet
from tests.factories.accounts import staff
from tests.factories.bank import administrator, cleo, make_blueprint, make_exam, rita
from tests.factories.exams import LANGUAGES, BankFactory, CompetenceFactory, go_live


def second_administrator() -> User:
    email = "second.administrator@demo.touchstone.example"
    found = User.objects.filter(full_name="Second Adam").first()
    return found or staff(Role.ADMINISTRATOR, "Second Adam", email=email)


def fill_bank(bank: ItemBank, cells: dict[tuple[int, str], int], *, estimates: bool = True) -> list[ItemVersion]:
    """Approved single-choice items in every language, in bulk; keys move round the four places."""
    competence, now, writer, reviewer = CompetenceFactory(), timezone.now(), cleo(), rita()
    kinds = [cell for cell, count in sorted(cells.items()) for _ in range(count)]
    start = bank.items.count()
    items = Item.objects.bulk_create(
        Item(
            bank=bank,
            code=f"I-{number:04}",
            type="single_choice",
            competence=competence,
            content_area=area,
            cognitive_level=level,
        )
        for number, (area, level) in enumerate(kinds, start + 1)
    )
    versions = ItemVersion.objects.bulk_create(
        ItemVersion(item=item, written_by=writer, minutes=Decimal("1.0")) for item in items
    )
    ItemWording.objects.bulk_create(
        ItemWording(version=version, language=language, stem=f"<p>{version.item.code} {language}</p>", rationale="Because.")
        for version in versions
        for language in LANGUAGES
    )
    options = Option.objects.bulk_create(
        Option(version=version, position=place, is_key=place == 1 + number % 4)
        for number, version in enumerate(versions)
        for place in range(1, 5)
    )
    OptionWording.objects.bulk_create(
        OptionWording(option=option, language=language, text=f"{option.position} {language}")
        for option in options
        for language in LANGUAGES
    )
    go_live(ItemVersion.objects.filter(pk__in=[version.pk for version in versions]), by=reviewer)
    if estimates:
        ItemEstimate.objects.bulk_create(
            ItemEstimate(version=version, source="judged", borderline=Decimal(50 + number % 5 * 5) / 100, set_at=now)
            for number, version in enumerate(versions)
        )
    return versions


def exam_with_bank(cells: dict[tuple[int, str], int], *, per_paper: dict[int, int], **blueprint: Any) -> Exam:
    """An exam whose papers have `per_paper` items per area, over a bank with so many per cell."""
    bank = BankFactory()
    fill_bank(bank, cells)
    return make_exam(make_blueprint(per_paper, bank=bank, **blueprint))


def assembled(exam: Exam, *, code: str = "2027", paper_count: int = 2, limits: Limits | None = None, **fields: Any) -> PaperSet:
    """A set as the worker leaves it."""
    paper_set = request_paper_set(
        exam, code=code, paper_count=paper_count, limits=limits, **{"seed": 7, "by": administrator(), **fields}
    )
    assemble_paper_set(paper_set.pk)
    paper_set.refresh_from_db()
    return paper_set


def sealed(exam: Exam, **fields: Any) -> PaperSet:
    return seal_paper_set(assembled(exam, **fields), by=administrator())
