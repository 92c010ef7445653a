"""Places in a picture, essays and files: what is accepted, what it is worth, and what waits for a person."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.errors import InvalidResponse
from exams.file_kinds import KINDS
from exams.item_types import REGISTRY, Key, Shape
from tests.exams.test_item_types import any_json

UUID = "12345678-1234-4234-8234-123456789012"
TRIANGLE = [[0.1, 0.1], [0.5, 0.1], [0.1, 0.5]]
# A "U": the middle of its bounding box is outside.
CUP = [[0.6, 0.6], [0.7, 0.6], [0.7, 0.8], [0.8, 0.8], [0.8, 0.6], [0.9, 0.6], [0.9, 0.9], [0.6, 0.9]]
BANDS = [
    {"points": 2, "text": "Names both", "text_zh": "两者均提到"},
    {"points": 0, "text": "Names none", "text_zh": "均未提到"},
]
RUBRIC = {
    "rubric": [
        {"id": "c1", "title": "Risk", "title_zh": "风险", "points": 2, "bands": BANDS},
        {"id": "c2", "title": "Control", "title_zh": "控制", "points": 2, "bands": BANDS},
    ]
}
KEYS = {
    "hotspot": Key(
        "hotspot",
        answer={"areas": [TRIANGLE, CUP]},
        presentation={"picture": UUID, "alt": {"en": "A network", "zh-hans": "网络图"}},
    ),
    "essay": Key("essay", Decimal(4), answer=RUBRIC, presentation={"words": [200, 400]}),
    "file_upload": Key(
        "file_upload", Decimal(4), answer=RUBRIC, presentation={"accepts": [".pdf", ".docx"], "most_bytes": 5_000_000}
    ),
}


@pytest.mark.parametrize(
    ("type", "body", "canonical"),
    [
        ("hotspot", {"point": [0, 1]}, {"point": [0.0, 1.0]}),
        ("hotspot", {"point": [0.123456789, 0.5]}, {"point": [0.12346, 0.5]}),
        ("hotspot", {"point": [-0.0, 1e-9]}, {"point": [0.0, 0.0]}),
        ("essay", {"text": " 第一段\n\n第二段 "}, {"text": " 第一段\n\n第二段 "}),
        ("file_upload", {"upload": UUID}, {"upload": UUID}),
    ],
)
def test_parse_accepts(type, body, canonical):
    assert REGISTRY[type].parse(body, Shape(type)) == canonical


@pytest.mark.parametrize(
    ("type", "body"),
    [
        ("hotspot", {"point": [0.5]}),
        ("hotspot", {"point": [0.5, 0.5, 0.5]}),
        ("hotspot", {"point": [True, 0.5]}),
        ("hotspot", {"point": ["0.5", 0.5]}),
        ("hotspot", {"point": [1.0001, 0.5]}),
        ("hotspot", {"point": [-0.1, 0.5]}),
        ("hotspot", {"point": [float("nan"), 0.5]}),
        ("hotspot", {"point": [10**400, 0]}),
        ("hotspot", {"point": {"0": 1}}),
        ("essay", {"text": "x" * 15_001}),
        ("essay", {"text": "a\0b"}),
        ("essay", {"text": ["a"]}),
        ("file_upload", {"upload": UUID.upper().replace("1", "A")}),
        ("file_upload", {"upload": f"{UUID}\n"}),
        ("file_upload", {"upload": "../../etc/passwd"}),
        ("file_upload", {"upload": None}),
    ],
)
def test_parse_refuses(type, body):
    with pytest.raises(InvalidResponse):
        REGISTRY[type].parse(body, Shape(type))


@pytest.mark.parametrize("type", sorted(KEYS))
@given(inner=any_json, name=st.sampled_from(["point", "text", "upload"]))
def test_parse_answers_or_refuses_whatever_is_sent_and_is_stable(type, inner, name):
    for body in (inner, {name: inner}):
        try:
            parsed = REGISTRY[type].parse(body, Shape(type))
        except InvalidResponse:
            continue
        assert REGISTRY[type].parse(parsed, Shape(type)) == parsed
        assert REGISTRY[type].score(KEYS[type], parsed) in (None, 0, KEYS[type].points)


@pytest.mark.parametrize(
    ("point", "inside"),
    [
        ([0.2, 0.2], True),
        ([0.1, 0.1], True),  # a corner
        ([0.3, 0.3], True),  # the long edge
        ([0.30001, 0.3], False),
        ([0.3, 0.1], True),
        ([0.09999, 0.2], False),
        ([0.65, 0.65], True),
        ([0.75, 0.65], False),  # within the cup's opening
        ([0.75, 0.8], True),  # its floor's edge
        ([0.75, 0.85], True),
        ([0.95, 0.6], False),  # level with a corner, beyond it
        ([0.0, 0.6], False),
    ],
)
def test_a_point_counts_inside_and_on_the_edges(point, inside):
    assert REGISTRY["hotspot"].score(KEYS["hotspot"], {"point": point}) == (1 if inside else 0)


@given(x=st.integers(0, 100), y=st.integers(0, 100))
def test_a_triangle_contains_what_its_inequalities_say(x, y):
    inside = x >= 10 and y >= 10 and x + y <= 60

    key = replace(KEYS["hotspot"], answer={"areas": [TRIANGLE]})

    assert REGISTRY["hotspot"].score(key, {"point": [x / 100, y / 100]}) == (1 if inside else 0)


@pytest.mark.parametrize(
    "areas",
    [
        [],
        "all",
        [[[0.1, 0.1], [0.2, 0.2]]],
        [[[0.1, 0.1], [0.5, 0.5], [0.9, 0.9]]],
        [[[0.1, 0.1], [0.5, 0.5], [0.5, 0.1], [0.1, 0.5]]],
        [[[0.1, 0.1], [0.5, 0.1], [0.3, 0.1], [0.3, 0.4]]],
        [[[0.1, 0.1], [1.5, 0.1], [0.1, 0.5]]],
        [[[0.1, 0.1], ["0.5", 0.1], [0.1, 0.5]]],
        [[[0.1, 0.1], [0.1, 0.1], [0.5, 0.1], [0.1, 0.5]]],
        [TRIANGLE, 7],
    ],
)
def test_an_area_is_a_simple_polygon_within_the_picture(areas):
    assert REGISTRY["hotspot"].problems(replace(KEYS["hotspot"], answer={"areas": areas}))


def test_a_hotspot_needs_its_picture_and_words_for_it():
    kind, key = REGISTRY["hotspot"], KEYS["hotspot"]

    assert kind.problems(key) == [] == kind.problems_in("en", "", key) == kind.problems_in("zh-hans", "", key)
    assert kind.problems(replace(key, presentation={"picture": "../x"}))
    assert kind.problems_in("zh-hans", "", replace(key, presentation={"picture": UUID, "alt": {"en": "A network"}}))


@pytest.mark.parametrize(
    ("type", "response", "points"),
    [
        ("essay", {"text": "A risk is …"}, None),
        ("essay", {"text": " \n "}, 0),
        ("essay", None, 0),
        ("file_upload", {"upload": UUID}, None),
        ("file_upload", None, 0),
        ("hotspot", None, 0),
    ],
)
def test_what_somebody_wrote_waits_for_a_person_and_nothing_earns_nothing(type, response, points):
    assert REGISTRY[type].score(KEYS[type], response) == points


def test_only_the_two_types_with_a_rubric_need_a_marker():
    assert {kind.code for kind in REGISTRY.values() if kind.needs_marker} == {"essay", "file_upload"}


@pytest.mark.parametrize("type", ["essay", "file_upload"])
@pytest.mark.parametrize(
    "rubric",
    [
        {},
        {"rubric": []},
        {"rubric": "good"},
        {"rubric": [RUBRIC["rubric"][0]]},  # two points of four
        {"rubric": [RUBRIC["rubric"][0]] * 2},  # one name twice
        {"rubric": [{**RUBRIC["rubric"][0], "title_zh": ""}, RUBRIC["rubric"][1]]},
        {"rubric": [{**RUBRIC["rubric"][0], "points": "NaN"}, RUBRIC["rubric"][1]]},
        {"rubric": [{**RUBRIC["rubric"][0], "bands": BANDS[:1]}, RUBRIC["rubric"][1]]},
        {"rubric": [{**RUBRIC["rubric"][0], "bands": [*BANDS, {**BANDS[0], "points": 3}]}, RUBRIC["rubric"][1]]},
        {"rubric": [{**RUBRIC["rubric"][0], "bands": [BANDS[1], {**BANDS[0], "points": 1}]}, RUBRIC["rubric"][1]]},
        {"rubric": [{**RUBRIC["rubric"][0], "bands": [BANDS[1], {**BANDS[0], "text": ""}]}, RUBRIC["rubric"][1]]},
    ],
)
def test_a_rubric_that_cannot_be_marked_by_is_named(type, rubric):
    assert REGISTRY[type].problems(KEYS[type]) == []
    assert REGISTRY[type].problems(replace(KEYS[type], answer=rubric))


@pytest.mark.parametrize(
    ("type", "presentation"),
    [
        ("essay", {"words": [400, 200]}),
        ("essay", {"words": ["many", None]}),
        ("essay", {"words": [True, 5]}),
        ("file_upload", {"accepts": [], "most_bytes": 5_000_000}),
        ("file_upload", {"accepts": [".exe"], "most_bytes": 5_000_000}),
        ("file_upload", {"accepts": [".pdf"], "most_bytes": 500_000_000}),
        ("file_upload", {"accepts": [".pdf"]}),
    ],
)
def test_limits_that_make_no_sense_are_named(type, presentation):
    assert REGISTRY[type].problems(replace(KEYS[type], presentation=presentation))


def office(*members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for member in members:
            archive.writestr(member, "x")
    return file.getvalue()


@pytest.mark.parametrize(
    ("ending", "content", "right"),
    [
        (".pdf", b"%PDF-1.7\n", True),
        (".pdf", b"MZ\x90", False),
        (".png", b"\x89PNG\r\n\x1a\nrest", True),
        (".jpg", b"\xff\xd8\xff\xe0", True),
        (".png", b"\xff\xd8\xff\xe0", False),
        (".docx", office("[Content_Types].xml", "word/document.xml"), True),
        (".docx", office("word/document.xml", "word/vbaProject.bin"), False),
        (".docx", office("xl/workbook.xml"), False),
        (".odt", office("mimetype", "content.xml"), True),
        (".odt", office("content.xml", "Basic/Standard/Module1.xml"), False),
        (".docx", b"PK\x03\x04 and nothing more", False),
        (".docx", office(*(f"word/{n}" for n in range(2_001)), "word/document.xml"), False),
        (".txt", "风险\n评估".encode(), True),
        (".txt", "风险".encode("gb18030"), False),
        (".csv", b"a,b\0c", False),
        (".md", b"\x7fELF\x01\x02", False),
        (".txt", b"x" * 65_535 + "险".encode(), True),
    ],
)
def test_a_file_is_known_by_its_bytes(ending, content, right):
    assert KINDS[ending].looks_right(io.BytesIO(content)) is right
