"""Rosters as other systems wrote them. The files are not ours to ship: the folder is named by INTEROP_FIXTURES."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from partners.errors import RosterUnreadable
from partners.rosters.comparing import compare
from partners.rosters.reading import read_roster
from partners.rosters.tables import read_tables
from tests.factories.partners import CohortFactory

PROJECT = Path(__file__).resolve().parents[2]
ROSTERS = Path(os.environ.get("INTEROP_FIXTURES") or PROJECT.parent / "shared" / "fixtures") / "rosters"

pytestmark = pytest.mark.skipif(not ROSTERS.is_dir(), reason=f"no folder {ROSTERS}: set INTEROP_FIXTURES to the fixtures")

SPECTRUM = ["comma_in_quotes", "empty", "escaped_quotes", "newlines", "simple", "utf8"]
MESSY = ["utf8.csv", "utf8_bom_semicolon.csv", "utf16le_tab.txt"]


def content(name: str) -> bytes:
    return (ROSTERS / name).read_bytes()


@pytest.mark.parametrize("name", SPECTRUM)
def test_cells_are_cut_as_csv_spectrum_says(name):
    header, *lines = [line.cells for line in read_tables(content(f"csv_spectrum/{name}.csv"))[0].lines]
    expected = json.loads(content(f"csv_spectrum/{name}.json"))

    assert [dict(zip(header, cells, strict=True)) for cells in lines] == expected


@pytest.mark.django_db
@pytest.mark.parametrize("name", MESSY)
def test_one_list_in_three_encodings_is_judged_as_expected(name):
    expected = json.loads(content("messy_examples/expected.json"))
    entries = read_roster(content(f"messy_examples/{name}")).entries
    report = compare(CohortFactory(), entries)

    good = [number for number, row in enumerate(report, start=1) if row["outcome"] == "add"]
    faulty = [number for number, row in enumerate(report, start=1) if row["outcome"] == "error"]
    assert good == expected["good_rows"]
    assert faulty == [int(number) for number in expected["faults"]]
    codes = {number: report[number - 1]["messages"][0][0] for number in faulty}
    assert codes == {6: "email_missing", 7: "duplicate_differs", 8: "email_invalid"}
    traps = expected["traps"]
    assert [entry["external_id"] for entry in entries[:5]] == traps["candidate ids keep their zeros and are text"]
    assert entries[1]["email"] == "zoe.oneill@uni.example"
    assert entries[2]["full_name"].startswith(traps["row 3 NBSP in the first name"] + " ")


def test_the_three_encodings_read_alike():
    first, *others = [read_roster(content(f"messy_examples/{name}")).entries for name in MESSY]
    assert others == [first, first]


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("upload_users.csv", {"Tom Jones", "Trent Reznor"}),
        ("upload_users_cohorts.csv", {"Tom Jones", "Mary Smith"}),
        ("upload_users_profile.csv", {"Tom Jones", "Trent Reznor"}),
    ],
)
def test_moodle_lists_are_read_and_their_passwords_are_not_kept(name, names):
    roster = read_roster(content(f"moodle_upload/{name}"))

    assert names <= {entry["full_name"] for entry in roster.entries}
    assert all(not entry["errors"] for entry in roster.entries)
    assert "password" in roster.ignored_columns
    kept = json.dumps(roster.entries)
    assert "verysecret" not in kept
    assert "Pass1234*" not in kept


@pytest.mark.parametrize(
    "name", ["School.csv", "Section.csv", "Student.csv", "StudentEnrollment.csv", "Teacher.csv", "TeacherRoster.csv"]
)
def test_school_data_sync_names_no_addresses_and_is_refused_in_one_sentence(name):
    """SDS builds addresses from user name and domain: `Username` is none, `Secondary Email` is not the person's login."""
    with pytest.raises(RosterUnreadable, match="e-mail column"):
        read_roster(content(f"sds_25_users/{name}"))
