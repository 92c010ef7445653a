"""The PDF: what it says, in which fonts, with which promises."""

from __future__ import annotations

import hashlib
import re
import subprocess
from types import SimpleNamespace

import pytest

from certificates.actions.documents import CannotPrint
from certificates.rendering.documents import check_printable, name_size, render_certificate, scope_size
from certificates.rendering.fonts import characters_without_glyph
from tests.factories.accounts import UserFactory
from tests.factories.certificates import make_certificate
from tests.factories.partners import CohortFactory, PartnerFactory, PlaceFactory

pytestmark = pytest.mark.django_db

RARE = "𠮷㛃䶮龘"
DIACRITICS = "Łukasz Őrsi-Şahin Nguyễn Thị Phương Ánh"


def printed(name: str, tmp_path, **kwargs) -> SimpleNamespace:
    certificate = make_certificate(meet_named(name), **kwargs)
    file = tmp_path / "certificate.pdf"
    file.write_bytes(render_certificate(certificate))
    return SimpleNamespace(certificate=certificate, file=file, text=run("pdftotext", "-layout", file, "-"))


def meet_named(name: str):
    return UserFactory(full_name=name, family_name=name[:80])


@pytest.fixture
def sheet(tmp_path):
    return lambda name, **fields: printed(name, tmp_path, **fields)


def run(*command) -> str:
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("name", ["Zhang Wei 张伟", RARE, DIACRITICS, "Ada Byron", "Ελένη Дмитрий"])
def test_the_name_can_be_read_out_of_the_file(sheet, name):
    assert name in sheet(name).text


def test_the_sheet_says_the_claims_in_both_languages(sheet):
    made = sheet("Ada Byron")
    words = re.sub(r"\s+", " ", made.text)
    claims = made.certificate.claims
    for said in (claims["serial"], claims["scheme"], claims["scheme_zh"], claims["track_zh"], "Certificate of Competence"):
        assert said in words
    assert "能力认证证书" in words
    assert f"{made.certificate.issued_on.year}年" in words


def test_the_partner_it_came_through_is_printed(sheet):
    partner = PartnerFactory(name="Harbour Institute", name_zh="海港理工学院")
    ada = UserFactory(full_name="Ada Byron")
    certificate = make_certificate(ada, place=PlaceFactory(cohort=CohortFactory(partner=partner), user=ada))
    assert certificate.partner == partner
    pdf = render_certificate(certificate)
    assert len(pdf) > 10_000
    assert certificate.claims["partner_zh"] == "海港理工学院"


def test_every_font_is_embedded_and_ours(sheet):
    lines = run("pdffonts", sheet(f"{RARE} 张伟 Łukasz").file).splitlines()[2:]
    assert len(lines) >= 4
    for line in lines:
        assert "Touchstone" in line
        assert re.search(r"yes yes yes", line), line


def test_the_file_is_tagged_titled_and_one_page(sheet):
    made = sheet("Ada Byron")
    info = run("pdfinfo", made.file)
    assert re.search(r"Tagged:\s+yes", info)
    assert re.search(r"Pages:\s+1\n", info)
    assert f"Certificate 证书 {made.certificate.serial}: Ada Byron" in info
    metadata = run("pdfinfo", "-meta", made.file)
    assert 'pdfaid:part="3" pdfaid:conformance="A"' in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    run("qpdf", "--check", made.file)


def test_the_background_is_decoration_for_a_screen_reader(sheet):
    structure = run("pdfinfo", "-struct-text", sheet("Ada Byron").file)
    assert "Ada Byron" in structure
    assert structure.count("Figure") == 1  # the QR code, with its text


def test_the_longest_name_stays_on_the_sheet(sheet):
    name = "Maximiliana Friederike Charlotte von Hohenstaufen-Württemberg y Fernández de Córdoba, geb. Wiśniewska-Kowalczyk"
    words = re.sub(r"\s+", " ", sheet(name).text)
    assert name in words


def test_the_same_claims_give_the_same_bytes(sheet):
    made = sheet("Ada Byron 王小明")
    again = render_certificate(made.certificate)
    assert hashlib.sha256(again).digest() == hashlib.sha256(made.file.read_bytes()).digest()


def test_two_certificates_differ(sheet):
    assert sheet("Ada Byron").file.read_bytes() != sheet("Ben Byron").file.read_bytes()


def test_the_qr_code_holds_the_link():
    import segno

    from certificates.rendering.documents import qr_code

    url = "https://touchstone.example/verify/7K3M9QABCDEFGHJKMNPQRSTVWX/"
    assert qr_code(url) != qr_code(url + "x")
    assert segno.make(url, error="m", micro=False, mask=2, boost_error=False).designator.endswith("-M")


def test_a_character_no_font_has_is_named(sheet):
    with pytest.raises(CannotPrint, match="U\\+1F600"):
        check_printable({"holder": "Ada 😀"})


@pytest.mark.parametrize("name", [RARE, DIACRITICS, "Nguye\u0302\u0303n", "O’Neil–Smith", "葛\ufe00"])
def test_shipped_fonts_cover(name):
    assert characters_without_glyph(name) == []


def test_markup_in_a_name_is_text(sheet):
    assert "<b>Ada</b>" in sheet("<b>Ada</b>").text


@pytest.mark.parametrize(
    "name, size",
    [("王明", "grand"), ("Ada Byron", "grand"), ("Zhang Xiaowen 张晓雯 Zhang Xiaowen", "medium"), ("x" * 120, "smallest")],
)
def test_the_name_is_as_large_as_fits(name, size):
    assert name_size(name) == size


@pytest.mark.parametrize("address", ["https://example.org/x.png", "file:///etc/passwd", "http://127.0.0.1/"])
def test_the_press_fetches_nothing(address):
    from certificates.rendering.press import press_for

    press = press_for("touchstone")
    with pytest.raises(ValueError):
        press._fetcher.fetch(address)


def test_a_document_that_wants_too_much_memory_fails_and_the_worker_lives():
    from certificates.rendering.press import bounded_memory

    with pytest.raises(MemoryError), bounded_memory():
        bytearray(1024 * 1024 * 1024)
    assert len(bytearray(1024 * 1024)) == 1024 * 1024


def test_fonts_are_asked_for_without_touching_the_environment_of_others(monkeypatch):
    import os

    from certificates.rendering.fonts import own_fontconfig

    monkeypatch.delenv("FONTCONFIG_FILE", raising=False)
    with own_fontconfig():
        assert "fonts.conf" in os.environ["FONTCONFIG_FILE"]
    assert "FONTCONFIG_FILE" not in os.environ


def test_what_is_printed_comes_from_the_claims_not_from_todays_rows(sheet):
    made = sheet("Ada Byron")
    holder = made.certificate.holder
    holder.full_name = "Somebody Else"
    holder.save()
    made.certificate.refresh_from_db()
    assert render_certificate(made.certificate) == made.file.read_bytes()


@pytest.mark.parametrize("times, size", [(1, "usual"), (2, "small"), (4, "smallest")])
def test_a_long_scope_is_set_smaller(times, size):
    scope = "Explains the terms, duties and main risks of AI security standards; checks data, model files and prompts "
    assert scope_size((scope + "against them; and follows a standard in professional work with help. ") * times, "") == size


def test_what_the_process_holds_already_does_not_count_against_a_document():
    """A worker that has loaded numpy and OpenBLAS holds more address space than a document may ask for."""
    import mmap

    from certificates.rendering.press import MOST_MEMORY, bounded_memory

    held = mmap.mmap(-1, MOST_MEMORY * 2, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    try:
        with bounded_memory():
            assert len(bytearray(64 * 1024 * 1024)) == 64 * 1024 * 1024
            with pytest.raises(MemoryError):
                bytearray(MOST_MEMORY * 2)
    finally:
        held.close()
