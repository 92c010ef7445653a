"""One set of names for QTI 2.1, 2.2 and 3.0: those of 2.2. In 3.0 `qti-simple-choice` is `simpleChoice`, `max-choices` is
`maxChoices`, and the content is HTML5 in the same namespace (imsglobal.org/spec/qti/v3p0/impl)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

from exams.interchange.xml import Element, local

V2P2 = "http://www.imsglobal.org/xsd/imsqti_v2p2"
V3P0 = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
MATHML = "http://www.w3.org/1998/Math/MathML"
_HTML_NAMES = """
p br em strong i b u s sub sup code pre blockquote ul ol li table caption thead tbody tfoot tr th td col colgroup span div
img object param a abbr acronym address big cite dd dl dt dfn h1 h2 h3 h4 h5 h6 hr kbd label q samp small tt var
article aside audio details figcaption figure footer header mark nav section summary video source track
"""
HTML = frozenset(_HTML_NAMES.split())


@lru_cache(maxsize=1024)
def _camel(name: str) -> str:
    plain = name.removeprefix("qti-")
    return re.sub(r"-([a-z])", lambda found: found[1].upper(), plain)


@lru_cache(maxsize=1024)
def _kebab(name: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", lambda found: f"-{found[1].lower()}", name)


def name(element: Element) -> str:
    """Its name as in QTI 2.2."""
    own = local(element)
    return _camel(own) if "-" in own else own


def attribute(element: Element, wanted: str, default: str = "") -> str:
    value = element.get(wanted)
    if value is None:
        value = element.get(_kebab(wanted))
    return default if value is None else value


def language(element: Element) -> str:
    return element.get("{http://www.w3.org/XML/1998/namespace}lang") or element.get("lang") or ""


def children(element: Element, *names: str) -> list[Element]:
    return [child for child in element if name(child) in names]


def child(element: Element | None, wanted: str) -> Element | None:
    found = children(element, wanted) if element is not None else []
    return found[0] if found else None


def descendants(element: Element, *names: str) -> Iterator[Element]:
    return (each for each in element.iter() if isinstance(each.tag, str) and name(each) in names)


def text(element: Element | None) -> str:
    """All its words."""
    return "" if element is None else " ".join("".join(element.itertext()).split())


def to_v3(root: Element) -> Element:
    """A tree in QTI 2.2 names as QTI 3.0."""
    for element in root.iter():
        if not isinstance(element.tag, str) or etree.QName(element).namespace == MATHML:
            continue
        own = local(element)
        if own in HTML:
            element.tag = f"{{{V3P0}}}{own}"
            continue
        element.tag = f"{{{V3P0}}}qti-{_kebab(own)}"
        for key in list(element.attrib):
            if not key.startswith("{") and key != _kebab(key):
                element.set(_kebab(key), element.attrib.pop(key))
    etree.cleanup_namespaces(root, top_nsmap={None: V3P0})
    return root
