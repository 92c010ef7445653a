"""XML from strangers: no document types, no entities, no network, bounded depth and size."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from exams.errors import FileRefused

# Counted as tags that open, those in CDATA too: what a tree of them costs is what matters.
MOST_ELEMENTS = 600_000
MOST_ATTRIBUTES = 500_000
Element = Any  # lxml's own type is not public
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def parse(data: bytes, name: str = "") -> Element:
    """The root element. Raises FileRefused with the line; `name` is the file within a package."""
    where = f"{name}: " if name else ""
    if _has_doctype(data):
        raise FileRefused(where + _("The XML declares a document type or entities; such files are not read."))
    if data.count(b"<") - data.count(b"</") > MOST_ELEMENTS:
        raise FileRefused(where + _("The XML has more than %(most)s elements.") % {"most": f"{MOST_ELEMENTS:,}"})
    if data.count(b"=") > MOST_ATTRIBUTES:
        raise FileRefused(where + _("The XML has more than %(most)s attributes.") % {"most": f"{MOST_ATTRIBUTES:,}"})
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        if "depth" in str(error.msg).lower():
            raise FileRefused(where + _("The XML nests elements within elements too deep.")) from error
        raise FileRefused(
            where + _("Line %(line)s: this is no well-formed XML (%(why)s).") % {"line": error.lineno or 1, "why": _why(error)}
        ) from error
    if root.getroottree().docinfo.doctype:
        raise FileRefused(where + _("The XML declares a document type or entities; such files are not read."))
    return root


def _why(error: etree.XMLSyntaxError) -> str:
    return str(error.msg or "").split(", line")[0][:160]


def _has_doctype(data: bytes) -> bool:
    """Is there one before the root element? In UTF-16 every second byte is NUL, which no name has."""
    head = data[:200_000].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe").lstrip()
    while True:
        if head.startswith(b"<?"):
            _before, _mark, head = head.partition(b"?>")
        elif head.startswith(b"<!--"):
            _before, _mark, head = head.partition(b"-->")
        else:
            return head[:9].upper() == b"<!DOCTYPE"
        head = head.lstrip()


def local(element: Element) -> str:
    """The name without its namespace; empty for what is no element."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def writable(text: str) -> str:
    """The text without what XML cannot hold."""
    return _UNWRITABLE.sub("", text)
