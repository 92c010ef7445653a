"""Sealing: what is served afterwards is stored, whole, and without the key."""

from __future__ import annotations

import json

import pytest

from accounts.models import AuditEntry
from exams.actions.sealing import paper_digest, paper_items, seal_paper
from exams.errors import PaperNotSealable
from exams.models import ItemVersion, Paper
from tests.factories.exams import PersonFactory, make_paper, make_version

pytestmark = pytest.mark.django_db


def test_seal_paper_renders_every_language_without_a_key():
    paper = make_paper()

    documents = {rendering.language: rendering.document for rendering in paper.renderings.all()}
    assert set(documents) == {"en", "zh-hans"}
    english = documents["en"]
    assert [section["title"] for section in english["sections"]] == ["Shared core", "Model security"]
    assert [section["title"] for section in documents["zh-hans"]["sections"]] == ["共同核心", "模型安全"]
    positions = [position for section in english["sections"] for position in section["positions"]]
    assert [position["position"] for position in positions] == [1, 2, 3, 4, 5]
    assert set().union(*positions) == {"position", "type", "stem", "options", "unit", "scoring", "keep_option_order"}
    assert set().union(*[option for position in positions for option in position.get("options", [])]) == {"id", "text"}
    text = json.dumps(documents, ensure_ascii=False)
    for secret in ("RATIONALE", "REFERENCE", "SECRETWORD", "机密词", "3.14", "is_key"):
        assert secret not in text


def test_seal_paper_is_audited_and_stays_as_sealed():
    paper = make_paper()

    again = seal_paper(paper, by=PersonFactory())

    assert (again.digest, again.sealed_by) == (paper.digest, paper.sealed_by)
    assert AuditEntry.objects.filter(act="paper.sealed").count() == 1


def test_the_digest_can_be_made_again_from_what_is_stored():
    paper = Paper.objects.get(pk=make_paper().pk)

    documents = {rendering.language: rendering.document for rendering in paper.renderings.all()}

    assert paper_digest(paper, paper_items(paper), documents) == paper.digest


def test_a_missing_wording_leaves_that_language_out():
    paper = make_paper(sealed=False)
    bank = paper.exam.blueprint.bank
    half_worded = make_version("single_choice", bank, options=(True, False), option_languages=("en",))
    paper.items.filter(position=1).update(version=half_worded)

    paper = seal_paper(paper, by=PersonFactory())

    assert [rendering.language for rendering in paper.renderings.all()] == ["en"]


def test_an_unapproved_item_or_an_empty_paper_or_a_gap_is_refused():
    unapproved = make_paper(sealed=False)
    ItemVersion.objects.filter(pk=unapproved.items.get(position=1).version_id).update(status="retired")
    empty = make_paper(sealed=False)
    empty.items.all().delete()
    gap = make_paper(sealed=False)
    gap.items.get(position=2).delete()

    for paper in (unapproved, empty, gap):
        with pytest.raises(PaperNotSealable):
            seal_paper(paper, by=PersonFactory())
        assert Paper.objects.get(pk=paper.pk).status == "draft"
