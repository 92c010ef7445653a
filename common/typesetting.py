"""WeasyPrint with the fonts of the project, in a fontconfig of their own: no PDF depends on what a machine has installed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{folder}</dir>
  <cachedir>{cache}</cachedir>
  <config><rescan><int>0</int></rescan></config>
</fontconfig>
"""


@contextmanager
def own_fontconfig() -> Iterator[None]:
    """Fontconfig reads its configuration where FONTCONFIG_FILE says, when WeasyPrint asks. Only meanwhile is it set:
    a browser that this process starts keeps the fonts of the system."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(_configuration_file())
    try:
        yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


def _configuration_file() -> Path:
    folder = Path(settings.VAR_DIR) / "fontconfig"
    wanted = CONFIGURATION.format(folder=settings.FONT_FOLDER, cache=folder / "cache")
    file = folder / "fonts.conf"
    if not file.exists() or file.read_text() != wanted:
        folder.mkdir(parents=True, exist_ok=True)
        # Several processes may start at once: each writes its own and renames.
        unfinished = folder / f"fonts.{os.getpid()}.conf"
        unfinished.write_text(wanted)
        unfinished.replace(file)
    return file


def use_own_fonts() -> Any:
    """Import WeasyPrint with our fonts. Imported here and nowhere else: it costs a second, and a web process
    never prints."""
    with own_fontconfig():
        import weasyprint

    return weasyprint


@cache
def _fonts() -> Any:
    """One font configuration a process: it is a third of what a first page costs."""
    use_own_fonts()
    from weasyprint.text.fonts import FontConfiguration

    with own_fontconfig():
        return FontConfiguration()


def print_pages(html: str, css: str, *, identifier: str) -> bytes:
    """Words as a tagged PDF. Nothing is fetched: what the document points at outside itself is refused.

    `identifier` makes two different documents differ in their PDF id too; same words, same bytes.
    """
    weasyprint = use_own_fonts()
    from weasyprint.urls import URLFetcher

    fetcher = URLFetcher(allowed_protocols={"data"}, fail_on_errors=True)
    style = weasyprint.CSS(string=css, font_config=_fonts(), url_fetcher=fetcher)
    document = weasyprint.HTML(string=html, url_fetcher=fetcher)
    pdf: bytes = document.write_pdf(
        stylesheets=[style], font_config=_fonts(), pdf_tags=True, pdf_identifier=identifier.encode()
    )
    return pdf
