"""The words of a certificate on its sheet: from claims only, never from today's rows."""

from __future__ import annotations

import base64
import io
import unicodedata
from datetime import date
from functools import cache
from typing import Any

import segno
from django.template import Context, Engine, Template
from django.utils.translation import gettext as _

from certificates.actions.documents import CannotPrint
from certificates.models import Certificate, CertificateTemplate
from certificates.rendering.fonts import characters_without_glyph, ems
from certificates.rendering.press import DESIGNS, bounded_memory, press_for

LONGEST_NAME = 120
# Size of the holder's name by its width in ems: it stays on one line as long as it stays large.
SCOPE_SIZES = ((130.0, "usual"), (230.0, "small"))
NAME_SIZES = ((12.6, "grand"), (15.2, "large"), (19.2, "medium"), (25.0, "small"))
MONTHS = [date(2000, month, 1).strftime("%B") for month in range(1, 13)]


def render_certificate(certificate: Certificate) -> bytes:
    """The PDF of a certificate. Raises CannotPrint when a person must mend something first."""
    claims = certificate.claims
    check_printable(claims)
    html = sheet_html(claims, certificate.template)
    with bounded_memory():
        return press_for(certificate.template.design).print(html, identifier=certificate.serial)


def check_printable(claims: dict[str, Any]) -> None:
    """No font has every character there is: what we cannot draw is said before it becomes an empty box."""
    if len(claims["holder"]) > LONGEST_NAME:
        raise CannotPrint(_("The name is longer than %(most)s characters.") % {"most": LONGEST_NAME})
    missing = characters_without_glyph("".join(str(value) for value in claims.values()))
    if missing:
        named = ", ".join(f"{character} (U+{ord(character):04X})" for character in missing[:5])
        raise CannotPrint(
            _("No font we ship can print %(characters)s. Issue a corrected certificate with another spelling.")
            % {"characters": named}
        )


def sheet_html(claims: dict[str, Any], template: CertificateTemplate) -> str:
    context = {
        **{key: unicodedata.normalize("NFC", value) if isinstance(value, str) else value for key, value in claims.items()},
        "name_size": name_size(claims["holder"]),
        "scope_size": scope_size(claims["scope"], claims["scope_zh"]),
        "issued": date.fromisoformat(claims["issued_on"]),
        "issued_text": in_words(claims["issued_on"]),
        "until_text": in_words(claims["valid_until"]),
        "issued_text_zh": in_chinese(claims["issued_on"]),
        "until_text_zh": in_chinese(claims["valid_until"]),
        "verify_shown": claims["verify_url"].split("://", 1)[-1].split("/", 1)[0] + "/verify",
        "qr": qr_code(claims["verify_url"]),
        "signatory": template,
    }
    return _template(template.design).render(Context(context))


@cache
def _template(design: str) -> Template:
    return Engine().from_string((DESIGNS / design / "certificate.html").read_text())


def name_size(name: str) -> str:
    """How large a name can be printed on one line; the longest names take two."""
    width = ems(name)
    return next((size for widest, size in NAME_SIZES if width <= widest), "smallest")


def scope_size(scope: str, scope_zh: str) -> str:
    """A long scope is set smaller: it has five lines beside the serial, or eight small ones."""
    widest = max(ems(scope), ems(scope_zh) * 0.9)
    return next((size for most, size in SCOPE_SIZES if widest <= most), "smallest")


def in_words(day: str) -> str:
    moment = date.fromisoformat(day)
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def in_chinese(day: str) -> str:
    moment = date.fromisoformat(day)
    return f"{moment.year}年{moment.month}月{moment.day}日"


def qr_code(address: str) -> str:
    """One bit per pixel, error correction for a creased sheet, and a fixed mask: trying all eight costs more than
    the whole rest of the page."""
    picture = io.BytesIO()
    segno.make(address, error="m", micro=False, mask=2, boost_error=False).save(
        picture, kind="png", scale=4, border=2, dark="#1b2422", light="#fbf7ec"
    )
    return "data:image/png;base64," + base64.b64encode(picture.getvalue()).decode()


def specimen(design: str) -> bytes:
    """A sheet for nobody, to warm the press and to show the design."""
    token = "0" * 26
    claims = {
        "holder": "Ada Lovelace 王小明",
        "family_name": "Lovelace",
        "scheme": "Professional technology, Foundation",
        "scheme_zh": "专业技术（基础级）",
        "scope": "Specimen of the printed certificate.",
        "scope_zh": "证书样张。",
        "track": "Professional technology",
        "track_zh": "专业技术",
        "level": "Foundation",
        "level_zh": "基础级",
        "level_code": "L1",
        "scheme_code": "SPECIMEN",
        "scheme_version": 1,
        "issuer": "Touchstone",
        "issuer_zh": "试金石",
        "partner": "",
        "partner_zh": "",
        "cohort": "",
        "serial": "SPECIMEN",
        "issued_on": "2026-01-01",
        "valid_until": "2029-01-01",
        "verify_url": f"https://example.org/verify/{token}/",
    }
    signatory = CertificateTemplate(design=design, signatory_name="Specimen", signatory_role="Specimen")
    return press_for(design).print(sheet_html(claims, signatory), identifier="SPECIMEN")
