"""From HTML to the finished PDF. One press per process, warmed once: fonts, style sheet and background are reused.

Tagged PDF/A-3a by WeasyPrint; the background is stamped under the words as an artifact, and the PDF/UA identifier
added to the metadata, by pikepdf. Same words, same bytes.
"""

from __future__ import annotations

import gc
import importlib
import io
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from certificates.rendering.drawing import POINTS_PER_MM
from certificates.rendering.fonts import own_fontconfig, use_own_fonts

DESIGNS = Path(__file__).resolve().parent.parent / "designs"
VARIANT = "pdf/a-3a"
MOST_MEMORY = 512 * 1024 * 1024

# PDF/A asks that every property it does not know be described, so the PDF/UA mark comes with its schema.
UA_MARK = b"""<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about=""
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about=""
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag>
<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the file adheres</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


class Press:
    """What one process needs to print one design again and again."""

    def __init__(self, design: str) -> None:
        weasyprint = use_own_fonts()
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher

        self._html = weasyprint.HTML
        # A style sheet or a name that points anywhere gets nothing: only what is in the document itself.
        self._fetcher = URLFetcher(allowed_protocols={"data"}, fail_on_errors=True)
        with own_fontconfig():
            self._fonts = FontConfiguration()
        css = (DESIGNS / design / "certificate.css").read_text()
        self._css = weasyprint.CSS(string=css, font_config=self._fonts, url_fetcher=self._fetcher)
        self._background = importlib.import_module(f"certificates.designs.{design}.background")
        self._content, self._forms = self._background.content(), self._background.forms()

    def print(self, html: str, *, identifier: str) -> bytes:
        """The finished PDF of one sheet; `identifier` makes two different documents differ in their PDF id too."""
        document = self._html(string=html, url_fetcher=self._fetcher)
        printed = document.write_pdf(
            stylesheets=[self._css],
            font_config=self._fonts,
            pdf_variant=VARIANT,
            pdf_tags=True,
            pdf_identifier=identifier.encode(),
        )
        return self._finish(printed)

    def _finish(self, printed: bytes) -> bytes:
        import pikepdf

        with pikepdf.open(io.BytesIO(printed)) as pdf:
            for page in pdf.pages:
                self._stamp(pdf, page)
            metadata = pdf.Root.Metadata
            metadata.write(metadata.read_bytes().replace(b"</rdf:RDF>", UA_MARK + b"</rdf:RDF>"))
            finished = io.BytesIO()
            pdf.save(
                finished,
                deterministic_id=True,
                fix_metadata_version=False,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
                compress_streams=True,
            )
        return finished.getvalue()

    def _stamp(self, pdf: Any, page: Any) -> None:
        """Put the background under the words, marked as decoration that a screen reader passes over."""
        import pikepdf

        parts = {f"/{name}": _form(pdf, content, box, {}) for name, (box, content) in self._forms.items()}
        width, height = self._background.WIDTH * POINTS_PER_MM, self._background.HEIGHT * POINTS_PER_MM
        background = _form(pdf, self._content, (0, 0, width, height), parts)
        if "/XObject" not in page.Resources:
            page.Resources.XObject = pikepdf.Dictionary()
        page.Resources.XObject.Background = background
        under = pikepdf.Stream(pdf, b"/Artifact <</Type /Background>> BDC q /Background Do Q EMC")
        page.contents_add(under, prepend=True)


def _form(pdf: Any, content: bytes, box: tuple[float, float, float, float], parts: dict[str, Any]) -> Any:
    import pikepdf

    form = pikepdf.Stream(pdf, content)
    form.Type, form.Subtype, form.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, list(box)
    form.Resources = pikepdf.Dictionary(XObject=parts) if parts else pikepdf.Dictionary()
    return pdf.make_indirect(form)


@cache
def press_for(design: str) -> Press:
    return Press(design)


def design_names() -> list[str]:
    return sorted(folder.name for folder in DESIGNS.iterdir() if (folder / "certificate.html").exists())


def warm_press() -> None:
    """Everything a first certificate would wait for, and then nothing of it is looked at by the collector again."""
    from certificates.rendering.documents import specimen

    for design in design_names():
        specimen(design)
    gc.collect()
    gc.freeze()


@contextmanager
def bounded_memory(limit: int = MOST_MEMORY) -> Iterator[None]:
    """A document that asks for more memory than any certificate needs fails; the worker lives.

    On top of what the process has already: with numpy alone that may be more than a gigabyte of address space, and a limit
    below it makes every allocation fail, upon which glib aborts and extensions crash.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = _data_in_use() + limit
    bound = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (bound, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _data_in_use() -> int:
    """Bytes that count towards RLIMIT_DATA, on Linux; elsewhere 0."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[5])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * resource.getpagesize()
