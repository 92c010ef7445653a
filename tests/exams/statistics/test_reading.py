"""The command on good files of several kinds, and on files that are no matrix."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from exams.statistics.reading import MatrixUnreadable, read_matrix
from tests.exams.statistics.simulation import a_paper, drawn


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def analysed(path: Path, **options: Any) -> dict[str, Any]:
    out = io.StringIO()
    call_command("analyse_responses", path, json=True, stdout=out, **options)
    return json.loads(out.getvalue())


PLAIN = "q1,q2\n1,0\n0,1\n1,1\n"


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        "\ufeff" + PLAIN,
        PLAIN.encode("utf-16"),
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t"),
        PLAIN.replace("\n", "\r\n"),
        '"q1","q2"\n"1","0"\n 0 , 1\n1.0,TRUE\n\n',
        "candidate,q1,q2\n0007,1,0\n0008,0,1\nx,1,1\n",
        "q1,q2\n1,\n,1\n1,1\n",
    ],
)
def test_one_matrix_in_many_dresses(tmp_path: Path, content: str | bytes) -> None:
    matrix = read_matrix(written(tmp_path / "m.csv", content))

    assert matrix.items == ["q1", "q2"]
    assert matrix.counted.tolist() == [[1, 0], [0, 1], [1, 1]]


def test_what_was_left_out_is_told_from_wrong(tmp_path: Path) -> None:
    found = analysed(written(tmp_path / "m.csv", "q1,q2,q3\n" + "1,0,NA\n0,1,1\n" * 15))

    assert found["left_out"] == 15
    assert [item["omitted"] for item in found["items"]] == [0, 0, 0.5]
    assert found["items"][2]["facility"] == 0.5


def test_an_item_named_id_that_reads_like_an_item_is_one(tmp_path: Path) -> None:
    assert read_matrix(written(tmp_path / "m.csv", "id,q2\n1,0\n0,1\n")).items == ["id", "q2"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "The file is empty"),
        ("q1,q2\n", "no row of answers"),
        ("1,0\n0,1\n", "The first line holds answers instead of names"),
        ("q1,q2\n1,2\n", "Line 2, column q2: “2” is neither 1"),
        ("q1,q2\n1,0\n1\n", "Line 3 has 1 cells where the header has 2"),
        ("q1,q2\n1,0\n1,0,1\n", "Line 3 has 3 cells"),
        ("q1,q1\n1,0\n", "The header names q1 twice"),
        ("q1,,q3\n1,0,1\n", "Column 2 has no name"),
        ('q1,q2\n1,"0\n', "Line 2 cannot be read as CSV"),
        (b"PK\x03\x04\x00\x00\x00\x00", "The file is not text"),
        (b"q1,q2\n\xff\xfe,1\n", "not text in UTF-8"),
        ("q1\n=1+1\n", "“=1+1”"),
        (",".join(f"q{number}" for number in range(2001)) + "\n" + ",".join("1" * 2001), "at most 2000 items"),
        ("q1,q2\n" + "1,0\n" * 500 + "1,x\n", "Line 502, column q2"),
        ("id\nAda\n", "No column is left"),
    ],
)
def test_a_bad_file_gets_a_sentence(tmp_path: Path, content: str | bytes, sentence: str) -> None:
    with pytest.raises(CommandError) as refusal:
        analysed(written(tmp_path / "m.csv", content))
    assert sentence in str(refusal.value)


def test_a_missing_file_and_a_folder_get_a_sentence(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(CommandError, match="cannot be read"):
            analysed(path)


def test_options_are_checked(tmp_path: Path) -> None:
    path = written(tmp_path / "m.csv", PLAIN)

    with pytest.raises(CommandError, match="--cut"):
        analysed(path, cut=3)
    with pytest.raises(MatrixUnreadable, match="no column total"):
        read_matrix(path, ignore=["total"])


def test_few_candidates_are_told_nothing(tmp_path: Path) -> None:
    found = analysed(written(tmp_path / "m.csv", "q1,q2,q3\n" + "1,0,1\n0,1,1\n" * 9))

    assert found["candidates"] == 18
    assert found["paper"] == {"items": 3} and found["models"] == {}
    assert {item[figure] for item in found["items"] for figure in ("facility", "discrimination")} == {None}
    assert [refusal["code"] for refusal in found["refused"]] == ["too_few_candidates"] * 3
    assert "at least 20 candidates and there are 18" in found["refused"][0]["sentence"]


def test_each_figure_has_its_own_least_number(tmp_path: Path) -> None:
    a, b = a_paper(6, seed=1)
    answers = drawn(a, b, np.random.default_rng(2).normal(size=200), seed=3).astype(int)

    def models(candidates: int) -> list[str]:
        lines = ["a,b,c,d,e,f", *(",".join(map(str, row)) for row in answers[:candidates])]
        return list(analysed(written(tmp_path / "m.csv", "\n".join(lines)))["models"])

    assert (models(99), models(100), models(199), models(200)) == ([], ["1PL"], ["1PL"], ["1PL", "2PL"])


def test_the_text_for_a_terminal_says_the_same(tmp_path: Path) -> None:
    out = io.StringIO()
    path = written(tmp_path / "m.csv", "q1,q2,q3\n" + "1,0,1\n0,1,1\n1,1,1\n0,0,0\n" * 6)
    call_command("analyse_responses", path, cut=2.0, stdout=out)

    assert "Candidates 24, items 3" in out.getvalue()
    assert "q3    0.750" in out.getvalue()
    assert "At a cut of 2" in out.getvalue()
