"""Loading the catalogue: complete, repeatable, and respectful of what editors did since."""

import pytest

from standards.actions.catalogue import designation_of, load_catalogue
from standards.models import Competence, Edition, Level, Relation, Standard, StandardsBody, Track

pytestmark = pytest.mark.django_db


def test_load_catalogue_brings_the_whole_starter():
    report = load_catalogue()

    assert report.kept == []
    assert (Standard.objects.count(), Edition.objects.count(), Relation.objects.count()) == (199, 199, 50)
    assert (Track.objects.count(), Level.objects.count(), Competence.objects.count()) == (4, 4, 30)
    assert Edition.objects.filter(is_current=True).count() == 199
    risk = Standard.objects.get(slug="iso-iec-23894")
    assert risk.designation == "ISO/IEC 23894"
    assert [edition.identifier for edition in risk.editions.all()] == ["ISO/IEC 23894:2023"]
    assert "iso-iec-22989" in Competence.objects.get(code="CC-1").standards.values_list("slug", flat=True)
    assert StandardsBody.objects.get(name="SAC/TC260").name_zh.startswith("全国网络安全")


def test_load_catalogue_twice_changes_nothing():
    first = load_catalogue()

    second = load_catalogue()

    assert (second.created, second.updated, second.kept) == (0, 0, [])
    assert second.unchanged == first.created


def test_load_catalogue_keeps_what_an_editor_changed(tmp_path):
    load_catalogue()
    Standard.objects.filter(slug="iso-iec-23894").update(scope="Ours now.")
    Standard.objects.filter(slug="iso-iec-5338").delete()
    _copy_starter(tmp_path, {"Adapts ISO 31000": "Carries ISO 31000 over", "Defines": "Lays down"})

    report = load_catalogue(tmp_path)

    assert "standard iso-iec-23894" in report.kept
    assert Standard.objects.get(slug="iso-iec-23894").scope == "Ours now."
    assert not Standard.objects.filter(slug="iso-iec-5338").exists()


def test_load_catalogue_updates_what_nobody_touched(tmp_path):
    load_catalogue()
    _copy_starter(tmp_path, {"Adapts ISO 31000": "Carries ISO 31000 over"})

    report = load_catalogue(tmp_path)

    assert (report.created, report.updated, report.kept) == (0, 1, [])
    assert Standard.objects.get(slug="iso-iec-23894").scope.startswith("Carries ISO 31000 over")


def test_load_catalogue_takes_chinese_wording_when_it_is_there(tmp_path):
    _copy_starter(tmp_path, {})
    (tmp_path / "standards_zh.yaml").write_text("iso-iec-23894: {title: 风险管理指南, scope: 把 ISO 31000 用于人工智能。}\n")
    (tmp_path / "competences_zh.yaml").write_text("CC-1: {knowledge: [一], skills: [二], tasks: [三]}\n")

    load_catalogue(tmp_path)

    assert Standard.objects.get(slug="iso-iec-23894").title_zh == "风险管理指南"
    assert Competence.objects.get(code="CC-1").outline["zh"]["skills"] == ["二"]


@pytest.mark.parametrize(
    ("identifier", "designation"),
    [
        ("ISO/IEC 22989:2022", "ISO/IEC 22989"),
        ("ISO/IEC 27021:2017 + Amd 1:2021", "ISO/IEC 27021"),
        ("ISO/IEC DIS 24029-3", "ISO/IEC 24029-3"),
        ("ISO/IEC CD TS 22440-1", "ISO/IEC TS 22440-1"),
        ("ISO/IEC DTS 25568", "ISO/IEC TS 25568"),
        ("GB/T 45288.1-2025", "GB/T 45288.1"),
        ("IEEE 7000-2021", "IEEE 7000"),
        ("IEC 62443-4-1:2018", "IEC 62443-4-1"),
        ("ITU-T F.748.12 (06/2021)", "ITU-T F.748.12"),
        ("ETSI EN 304 223 V2.1.1", "ETSI EN 304 223"),
        ("prEN 18282", "EN 18282"),
        ("MITRE ATLAS 5.6", "MITRE ATLAS 5.6"),
    ],
)
def test_designation_leaves_year_version_and_stage(identifier, designation):
    assert designation_of(identifier) == designation


def _copy_starter(folder, changes):
    from standards.actions.catalogue import STARTER

    for path in STARTER.glob("*.yaml"):
        text = path.read_text()
        for old, new in changes.items():
            text = text.replace(old, new)
        (folder / path.name).write_text(text)
