"""MathML as plain HTML for the printer: WeasyPrint draws none, and a superscript that fell flat would be another number."""

from __future__ import annotations

from html import escape

from lxml import etree, html

FRACTION = '<span class="frac"><span>{}</span><span class="frac-below">{}</span></span>'


def with_formulas(markup: str) -> str:
    """Cleaned html whose `<math>` elements became superscripts, subscripts, fractions and roots of ordinary HTML."""
    if "<math" not in markup:
        return markup
    holder = html.fragment_fromstring(markup, create_parent="div")
    for formula in list(holder.iter("math")):
        drawn = html.fragment_fromstring(f'<span class="formula">{_inner(formula)}</span>')
        drawn.tail = formula.tail
        formula.getparent().replace(formula, drawn)
    whole = html.tostring(holder, encoding="unicode")
    return whole.removeprefix("<div>").removesuffix("</div>")


def _inner(element: etree._Element) -> str:
    return "".join(_drawn(child) for child in element)


def _drawn(element: etree._Element) -> str:
    parts = [_drawn(child) for child in element]
    draw = _PAIRS.get(element.tag)
    if draw is not None and len(parts) >= 2:
        return draw(*parts[:3])
    if element.tag == "msqrt":
        return f'√<span class="root">{"".join(parts)}</span>'
    if element.tag == "mfenced":
        between = (element.get("separators") or ",").strip()[:1]
        inside = escape(between).join(parts)
        return f"{escape(element.get('open') or '(')}{inside}{escape(element.get('close') or ')')}"
    if element.tag in ("mtable", "mtr", "mtd"):
        name = {"mtable": "table", "mtr": "tr", "mtd": "td"}[element.tag]
        return f"<{name}>{escape(element.text or '') if element.tag == 'mtd' else ''}{''.join(parts)}</{name}>"
    if element.tag == "mspace":
        return " "
    text = escape((element.text or "").strip())
    if element.tag == "mi" and len(text) == 1:
        text = f"<i>{text}</i>"
    return text + "".join(parts)


_PAIRS = {
    "msup": lambda base, up, *_rest: f"{base}<sup>{up}</sup>",
    "mover": lambda base, up, *_rest: f"{base}<sup>{up}</sup>",
    "msub": lambda base, down, *_rest: f"{base}<sub>{down}</sub>",
    "munder": lambda base, down, *_rest: f"{base}<sub>{down}</sub>",
    "msubsup": lambda base, down, up="", *_rest: f"{base}<sub>{down}</sub><sup>{up}</sup>",
    "munderover": lambda base, down, up="", *_rest: f"{base}<sub>{down}</sub><sup>{up}</sup>",
    "mfrac": lambda above, below, *_rest: FRACTION.format(above, below),
    "mroot": lambda base, degree, *_rest: f'<sup>{degree}</sup>√<span class="root">{base}</span>',
}
