"""The editor of every type of item: what it shows is what it saves, and what it cannot read it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from exams.actions.bank import save_content, write_version
from exams.actions.stimuli import create_stimulus
from exams.content import VersionContent, content_of
from exams.forms.versions import FORMS
from exams.forms.versions.lines import stored, typed
from exams.item_types import REGISTRY
from exams.models import ItemVersion
from exams.queries.bank import differences
from exams.queries.readiness import missing_parts
from tests.exams.back_office import signed_in
from tests.exams.test_item_pages import rich, words
from tests.factories.bank import BANDS, cleo, content, make_approved, make_draft, make_item, make_picture, rita
from tests.factories.exams import BankFactory

pytestmark = pytest.mark.django_db


def edit_page(version: ItemVersion) -> str:
    return reverse("item_versions:edit", args=[version.uuid])


def as_opened(client: Client, url: str) -> dict[str, Any]:
    """What a browser would post when the page is saved untouched."""
    form = client.get(url).context["form"]
    posted: dict[str, Any] = {}
    for field in form:
        value = field.value()
        if field.name[:4] in ("stem", "rati"):
            value = field.field.widget.format_value(value)
        if value not in (None, False):
            posted[field.name] = value
    return posted


def saved(version: ItemVersion, **posted: Any) -> VersionContent:
    client = signed_in(cleo())
    answer = client.post(edit_page(version), words(**posted))
    assert answer.status_code == 302, answer.context["form"].errors
    return content_of(ItemVersion.objects.get(pk=version.pk))


def empty(type: str) -> ItemVersion:
    return write_version(make_item(type), by=cleo())


def test_every_type_has_an_editor() -> None:
    assert set(FORMS) == set(REGISTRY)


@pytest.mark.parametrize("type", REGISTRY)
def test_a_complete_version_lacks_nothing_and_saving_it_untouched_changes_nothing(type: str) -> None:
    version = make_draft(type)
    client = signed_in(cleo())
    before = content_of(version)
    assert missing_parts(version) == []

    answer = client.post(edit_page(version), as_opened(client, edit_page(version)))

    assert answer.status_code == 302, answer.context["form"].errors
    assert content_of(ItemVersion.objects.get(pk=version.pk)) == before


@pytest.mark.parametrize("type", REGISTRY)
def test_the_words_of_every_type_can_be_written_as_html(type: str) -> None:
    version = make_draft(type)
    client, url = signed_in(cleo()), f"{edit_page(version)}?source=1"
    table = "<table><tbody><tr><td>1</td></tr></tbody></table>"
    formula = "<math><msup><mi>x</mi><mn>2</mn></msup></math>"
    stem = content_of(version).wordings["en"].stem

    answer = client.post(url, {**as_opened(client, url), "stem_en": stem + table + formula})

    assert answer.url == url
    assert content_of(ItemVersion.objects.get(pk=version.pk)).wordings["en"].stem == stem + table + formula


@pytest.mark.parametrize("type", REGISTRY)
def test_reviewer_and_writer_read_every_type_and_its_preview_shows_no_key(type: str) -> None:
    version = make_draft(type)
    preview = signed_in(cleo()).get(reverse("item_versions:preview", args=[version.uuid, "zh-hans"])).content.decode()

    assert "STEM zh-hans" in preview and "STEM en" not in preview
    secrets = (
        "RATIONALE",
        "REFERENCE",
        "is_key",
        "KEYWORD",
        "关键词",
        "tolerance",
        "poisoning",
        "投毒",
        "rubric",
        "areas",
        "pair",
    )
    assert [word for word in secrets if word in preview.split('id="preview-words"')[0]] == []
    page = signed_in(rita()).get(reverse("item_versions:detail", args=[version.uuid]))
    assert page.status_code == 200 and "RATIONALE en" in page.content.decode()


@pytest.mark.parametrize(
    ("type", "said"),
    [
        ("ordering", ["OPTION 1 en", "OPTION 4 zh-hans"]),
        ("matching", ["OPTION 1 en", "OPTION 6 zh-hans", "distractor"]),
        ("cloze", ["English: KEYWORD", "3.14 ± 0.01", "<strong>OPTION 1 en</strong>"]),
        ("hotspot", ["A network", "网络图", 'points="12.5,12.5 50,12.5 12.5,50"']),
        ("essay", ["CRITERION ONE (2)", "标准二", "BAND FULL", "100 … 300"]),
        ("file_upload", ["CRITERION ONE (2)", ".pdf, .txt", "<dd>0.1</dd>"]),
    ],
)
def test_a_reviewer_sees_what_is_right(type: str, said: list[str]) -> None:
    page = signed_in(rita()).get(reverse("item_versions:detail", args=[make_draft(type).uuid])).content.decode()

    assert [words for words in said if words not in page] == []


# --- Type by type ----------------------------------------------------------------------------------


def test_a_statement_gets_its_options_from_the_type() -> None:
    choices = saved(empty("true_false"), is_true="False").choices

    assert [(choice.texts["zh-hans"], choice.is_key) for choice in choices] == [("正确", False), ("错误", True)]
    assert saved(empty("true_false")).choices == ()


def test_parts_are_ordered_as_their_rows() -> None:
    rows = {f"option_{row}_{code}": f"{text} {code}" for row, text in ((0, "A"), (2, "B")) for code in ("en", "zh-hans")}

    assert [choice.texts["en"] for choice in saved(empty("ordering"), **rows).choices] == ["A en", "B en"]


def test_rows_with_the_same_right_side_share_it_and_a_right_alone_is_a_distractor() -> None:
    sides = [("L1", "R1"), ("L2", "R1"), ("L3", ""), ("", "R2"), ("", "R1")]
    version = empty("matching")
    posted = {}
    for row, (left, right) in enumerate(sides):
        for code in ("en", "zh-hans"):
            posted |= {f"left_{row}_{code}": left and f"{left} {code}", f"right_{row}_{code}": right and f"{right} {code}"}
    first = saved(version, **{name: text for name, text in posted.items() if int(name.split("_")[1]) < 4})

    assert [(choice.texts["en"], choice.group, choice.pair) for choice in first.choices] == [
        ("L1 en", "left", 1),
        ("L2 en", "left", 1),
        ("L3 en", "left", None),
        ("R1 en", "right", 1),
        ("R2 en", "right", None),
    ]
    # The page has grown by now; what is posted twice is still one right.
    assert saved(version, **posted).choices == first.choices


def test_an_option_may_be_html_where_marks_are_not_enough() -> None:
    picture = make_picture(BankFactory())
    image = f'<img src="picture:{picture.uuid}" alt="A lock">'
    version = empty("single_choice")
    rows = {"option_0_en": f"html: {image}<script>alert(1)</script>", "option_1_en": "<img src=x onerror=alert(1)>"}

    choices = saved(version, **rows).choices

    assert choices[0].texts["en"] == image
    assert choices[1].texts["en"] == "&lt;img src=x onerror=alert(1)&gt;"
    form = signed_in(cleo()).get(edit_page(version)).context["form"]
    assert form["option_0_en"].value() == f"html: {image}"
    assert form["option_1_en"].value() == "<img src=x onerror=alert(1)>"


def test_gaps_come_from_the_question_and_their_boxes_appear_once_it_is_saved() -> None:
    version = empty("cloze")
    client = signed_in(cleo())
    assert client.get(edit_page(version)).context["form"].gap_boxes() == []

    stems = {f"stem_{code}": rich("One [[g1]] and two [[total]].") for code in ("en", "zh-hans")}
    assert set(saved(version, **stems).key["gaps"]) == {"g1", "total"}
    boxes = client.get(edit_page(version)).context["form"].gap_boxes()
    assert [box["name"] for box in boxes] == ["g1", "total"]

    options = {f"gap_total_option_{row}_{code}": f"{row} {code}" for row in (0, 1) for code in ("en", "zh-hans")}
    gaps = {"gap_g1_kind": "number", "gap_g1_value": "2", "gap_total_kind": "choice", "gap_total_key": "1"}
    said = saved(version, **stems, **options, **gaps)
    assert said.key == {"gaps": {"g1": {"kind": "number", "value": "2", "tolerance": "0"}, "total": {"kind": "choice"}}}
    assert [(choice.group, choice.is_key) for choice in said.choices] == [("total", False), ("total", True)]
    assert missing_parts(ItemVersion.objects.get(pk=version.pk)) == []

    shorter = {f"stem_{code}": rich("One [[g1]].") for code in ("en", "zh-hans")}
    said = saved(version, **shorter, **gaps)
    assert set(said.key["gaps"]) == {"g1"} and said.choices == ()


@pytest.mark.parametrize("typed", ["10,20 30,40", "10,20 30,40 50", "10,20 30,40 101,0", "10,20 30,40 x,y", "1,1 NaN,2 3,3"])
def test_areas_that_cannot_be_read_are_refused_at_the_field(typed: str) -> None:
    answer = signed_in(cleo()).post(edit_page(empty("hotspot")), words(areas=typed))

    assert set(answer.context["form"].errors) == {"areas"}


def test_areas_are_written_in_per_cent_and_only_pictures_of_the_bank_can_be_chosen() -> None:
    version = empty("hotspot")
    own, other = make_picture(version.item.bank), make_picture(size=(10, 10))

    said = saved(version, picture=str(own.uuid), areas="10,20 12.5,20 12.5,100\n0,0; 1,0; 1,1", alt_en="A network")

    assert said.key == {"areas": [[[0.1, 0.2], [0.125, 0.2], [0.125, 1.0]], [[0.0, 0.0], [0.01, 0.0], [0.01, 0.01]]]}
    assert said.presentation == {"picture": str(own.uuid), "alt": {"en": "A network", "zh-hans": ""}}
    answer = signed_in(cleo()).post(edit_page(version), words(picture=str(other.uuid)))
    assert set(answer.context["form"].errors) == {"picture"}


def test_a_rubric_is_written_band_by_band() -> None:
    version = empty("essay")
    row = {
        "criterion_0_title": "RISK",
        "criterion_0_title_zh": "风险",
        "criterion_0_points": "2.0",
        "criterion_0_bands": "2 | BAND FULL | 全部\n\n0 | BAND NOTHING | 没有",
    }

    said = saved(version, **row, least_words="3", most_words="")

    assert said.key == {"rubric": [{"id": "c1", "title": "RISK", "title_zh": "风险", "points": 2, "bands": BANDS}]}
    assert said.presentation == {"words": [3, None]}
    # A second row gets a name of its own, whatever the first is called.
    second = {name.replace("_0_", "_1_"): text for name, text in row.items()}
    rubric = saved(version, **row, **second, criterion_0_id="c2").key["rubric"]
    assert [criterion["id"] for criterion in rubric] == ["c2", "c1"]


@pytest.mark.parametrize("line", ["two | both", "-1 | x", "NaN | x", "1 | a | b | c"])
def test_a_band_that_cannot_be_read_is_refused_at_the_field(line: str) -> None:
    answer = signed_in(cleo()).post(edit_page(empty("essay")), words(criterion_0_bands=line))

    assert set(answer.context["form"].errors) == {"criterion_0_bands"}


def test_a_file_has_kinds_and_a_size() -> None:
    said = saved(empty("file_upload"), accepts=[".pdf", ".docx"], most_megabytes="2.5")

    assert said.presentation == {"accepts": [".pdf", ".docx"], "most_bytes": 2_500_000}
    answer = signed_in(cleo()).post(edit_page(empty("file_upload")), words(accepts=[".exe"], most_megabytes="50"))
    assert set(answer.context["form"].errors) == {"accepts", "most_megabytes"}


def test_a_version_names_the_case_it_is_about() -> None:
    version = make_draft("single_choice")
    client = signed_in(cleo())
    assert "stimulus" not in client.get(edit_page(version)).context["form"].fields
    create_stimulus(version.item.bank, code="C-1", texts={"en": "<p>CASE</p>"}, by=cleo())
    create_stimulus(BankFactory(), code="C-2", texts={"en": "<p>CASE</p>"}, by=cleo())

    posted = as_opened(client, edit_page(version))
    client.post(edit_page(version), {**posted, "stimulus": "C-1"})

    assert ItemVersion.objects.get(pk=version.pk).stimulus.code == "C-1"  # type: ignore[union-attr]
    assert set(client.post(edit_page(version), {**posted, "stimulus": "C-2"}).context["form"].errors) == {"stimulus"}


def test_what_changed_besides_words_is_told_between_two_versions() -> None:
    first = make_approved("essay")
    changed = content("essay", presentation={"words": [3, 20]})
    second = save_content(write_version(first.item, by=cleo()), changed, by=cleo())

    told = {change.name: change.pieces for change in differences(first, second)}

    assert list(told) == ["What candidates see besides words"]
    assert ("new", "20") in told["What candidates see besides words"]


def test_plain_choices_round_trip_through_their_line() -> None:
    for markup in ("<strong>A</strong> b", "a &lt; b", "<code>x*y</code>", "<table><tbody><tr><td>1</td></tr></tbody></table>"):
        assert stored(typed(markup)) == markup
