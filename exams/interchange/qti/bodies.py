"""The body of a QTI item as the HTML of a stem, and HTML as what a body may contain."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from lxml import etree

from exams.interchange.qti.names import HTML, MATHML, attribute, name
from exams.interchange.xml import Element, local, writable

# QTI has no <u> and <s>; they travel as spans of a class and come back.
CLASSES = {"u": "touchstone-u", "s": "touchstone-s"}
BLOCKS = frozenset(["p", "div", "ul", "ol", "table", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "dl", "hr"])
VOID = frozenset({"br", "img", "hr", "col"})
Replace = Callable[[Element], str | None]


def html_of(element: Element, change: Replace = lambda _element: None) -> str:
    """What stands inside an element, as HTML; `change` may give the HTML that stands for a child."""
    return _inside(element, change).strip()


def _inside(element: Element, change: Replace) -> str:
    parts = [_words(element.text)]
    for child in element:
        if isinstance(child.tag, str):
            parts.append(_outer(child, change))
        parts.append(_words(child.tail))
    return "".join(parts)


def _words(text: str | None) -> str:
    return html.escape(text or "", quote=False).replace("\u00a0", "&nbsp;")


def _outer(element: Element, change: Replace) -> str:
    given = change(element)
    if given is not None:
        return given
    own = name(element)
    if own == "object" and attribute(element, "type").startswith("image/"):
        return f'<img src="{_value(attribute(element, "data"))}" alt="{_value("".join(element.itertext()).strip())}">'
    inside = _inside(element, change)
    if own == "div":
        inside = inside.strip()
        return inside if any(local(child) in BLOCKS for child in element) or not inside else f"<p>{inside}</p>"
    classes = attribute(element, "class")
    for plain, marked in CLASSES.items():
        if own == "span" and classes == marked:
            return f"<{plain}>{inside}</{plain}>"
    if re.fullmatch(r"h[1-6]", own):
        return f"<p><strong>{inside}</strong></p>"
    if own not in HTML and etree.QName(element).namespace != MATHML:
        return inside
    attributes = "".join(
        f' {local_name(key)}="{_value(value)}"'
        for key, value in element.attrib.items()
        if local_name(key) not in ("class", "id")
    )
    return f"<{own}{attributes}>" if own in VOID else f"<{own}{attributes}>{inside}</{own}>"


def local_name(key: str) -> str:
    return str(etree.QName(key).localname)


def _value(text: str) -> str:
    return html.escape(text, quote=True)


def xhtml(markup: str) -> str:
    """HTML of our allow-list as XML; what a browser would forgive is mended by the HTML parser."""
    text = writable(re.sub(r"<(br|hr|img\b[^<>]*?|col\b[^<>]*?)\s*/?>", r"<\1/>", markup).replace("&nbsp;", "\u00a0"))
    text = re.sub(r'(<span[^<>]*?) lang="', r'\1 xml:lang="', text)
    text = re.sub(r"<math\b(?![^<>]*xmlns)", f'<math xmlns="{MATHML}"', text)
    for plain, marked in CLASSES.items():
        text = re.sub(rf"<{plain}>", f'<span class="{marked}">', text).replace(f"</{plain}>", "</span>")
    try:
        etree.fromstring(f"<div>{text}</div>")
    except etree.XMLSyntaxError:
        from lxml import html as forgiving

        mended = forgiving.fragment_fromstring(writable(markup), create_parent="div")
        return html_of(etree.fromstring(etree.tostring(mended))).replace("<br>", "<br/>").replace("&nbsp;", "\u00a0")
    return text
