"""Contents of every type as the bank may hold them, for round trips: made by hypothesis, in one or two languages."""

from __future__ import annotations

import html
import io
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from exams.content import Choice, VersionContent, Wording
from exams.interchange.parts import TRUE_FALSE
from exams.interchange.record import Entry, PictureFile, Place, canonical

LANGUAGES = ("en", "zh-hans")
TYPES = (
    "single_choice", "multiple_response", "true_false", "numeric", "short_text", "ordering", "matching", "cloze", "hotspot",
    "essay", "file_upload",
)  # fmt: skip


def _square() -> PictureFile:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (1000, 1000), "white").save(out, "PNG")
    return PictureFile("map.png", out.getvalue())


PICTURE = _square()
# Everything the formats give a meaning to, and some of everything else.
SIGNS = "ab Z09 ~=#{}:\\%->[]()*@'\"&<>;,.!?/|_^$\t漢字éü😀\u00a0\u2028"
words = st.text(alphabet=SIGNS, min_size=1, max_size=24).map(lambda text: " ".join(text.split())).filter(bool)


def _line(text: str) -> str:
    return html.escape(text, quote=False)


lines = st.one_of(
    words.map(_line),
    st.tuples(words, words).map(lambda two: f"{_line(two[0])} <strong>{_line(two[1])}</strong>"),
    words.map(lambda text: f"<code>{_line(text)}</code>"),
    st.sampled_from(["[html]x", "%50%y", "A) b", "// no comment", "->", "{#1}", "= a ~ b", "ANSWER: A", "$CATEGORY: x"]).map(
        _line
    ),
)
blocks = st.lists(lines, min_size=1, max_size=3).map(lambda texts: "\n".join(f"<p>{text}</p>" for text in texts))
languages = st.sampled_from([("en",), ("zh-hans",), LANGUAGES])


@st.composite
def contents(draw: Any, type: str, spoken: tuple[str, ...] | None = None) -> VersionContent:
    spoken = spoken or draw(languages)
    choices = draw(CHOICES[type](spoken)) if type in CHOICES else ()
    key = draw(KEYS[type](spoken)) if type in KEYS else {}
    gaps = ""
    if type == "cloze":
        key, choices = draw(_gaps(spoken))
        gaps = "<p>" + " and ".join(f"[[{gap}]]" for gap in draw(st.permutations(list(key["gaps"])))) + "</p>"
    wordings = {
        language: Wording(
            draw(blocks).replace("{", "(") + gaps if gaps else draw(blocks),
            draw(st.one_of(st.just(""), blocks)),
            draw(st.one_of(st.just(""), words)),
            draw(st.sampled_from(["", "m/s"])),
        )
        for language in spoken
    }
    content = VersionContent(
        wordings,
        choices,
        key,
        scoring_rule=draw(st.sampled_from(RULES.get(type, ["all_or_nothing"]))),
        points=draw(st.integers(1, 5)),
        minutes=Decimal(draw(st.integers(1, 99))) / 10,
        keep_option_order=draw(st.booleans()),
        presentation=draw(PRESENTATIONS[type](spoken)) if type in PRESENTATIONS else {},
        stimulus=draw(st.sampled_from(["", "CASE-1"])),
    )
    return canonical(content)


def _texts(spoken: tuple[str, ...]) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries(dict.fromkeys(spoken, lines))


def _options(spoken: tuple[str, ...], keys: st.SearchStrategy[list[bool]]) -> st.SearchStrategy[tuple[Choice, ...]]:
    return keys.flatmap(
        lambda flags: st.tuples(*[_texts(spoken).map(lambda texts, flag=flag: Choice(texts, flag)) for flag in flags])
    )


def _one_key() -> st.SearchStrategy[list[bool]]:
    return st.integers(2, 5).flatmap(lambda size: st.integers(0, size - 1).map(lambda at: [n == at for n in range(size)]))


def _some_keys() -> st.SearchStrategy[list[bool]]:
    return st.lists(st.booleans(), min_size=3, max_size=6).filter(lambda keys: any(keys) and not all(keys))


def _true_false(spoken: tuple[str, ...]) -> st.SearchStrategy[tuple[Choice, ...]]:
    def made(is_true: bool) -> tuple[Choice, ...]:
        return tuple(Choice({language: TRUE_FALSE[language][n] for language in spoken}, is_true is (n == 0)) for n in (0, 1))

    return st.booleans().map(made)


def _matching(spoken: tuple[str, ...]) -> st.SearchStrategy[tuple[Choice, ...]]:
    """Lefts and rights in any order; several lefts may share a right; a right may be nobody's."""

    @st.composite
    def made(draw: Any) -> tuple[Choice, ...]:
        rights, distractors = draw(st.integers(1, 3)), draw(st.integers(0, 2))
        pairs = [*range(1, rights + 1), *draw(st.lists(st.integers(1, rights), max_size=2))]
        choices = [Choice(draw(_texts(spoken)), group="left", pair=pair) for pair in pairs]
        choices += [Choice(draw(_texts(spoken)), group="right", pair=pair) for pair in range(1, rights + 1)]
        choices += [Choice(draw(_texts(spoken)), group="right") for _n in range(distractors)]
        return tuple(draw(st.permutations(choices)) if draw(st.booleans()) else choices)

    return made()


def _ordering(spoken: tuple[str, ...]) -> st.SearchStrategy[tuple[Choice, ...]]:
    return st.lists(_texts(spoken).map(Choice), min_size=2, max_size=5).map(tuple)


def _accepted(spoken: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    texts = st.lists(words, min_size=1, max_size=3, unique=True)
    return st.fixed_dictionaries({"accepted": st.fixed_dictionaries(dict.fromkeys(spoken, texts))})


def _number(spoken: tuple[str, ...] = ()) -> st.SearchStrategy[dict[str, Any]]:
    numbers = st.decimals(-1000, 1000, places=3, allow_nan=False).map(str)
    return st.fixed_dictionaries(
        {
            "value": st.one_of(numbers, st.sampled_from(["4", "-7", "1e3", "0.50"])),
            "tolerance": st.sampled_from(["0", "0.05", "1"]),
        }
    )


@st.composite
def _gaps(draw: Any, spoken: tuple[str, ...]) -> tuple[dict[str, Any], tuple[Choice, ...]]:
    """One to three gaps of any kind under any name; the options of several gaps may stand mixed."""
    names = draw(st.lists(st.sampled_from(["g1", "g2", "g3", "x"]), min_size=1, max_size=3, unique=True))
    gaps: dict[str, Any] = {}
    choices: list[Choice] = []
    for name in names:
        kind = draw(st.sampled_from(["text", "number", "choice"]))
        more = {"text": _accepted, "number": _plain_number}.get(kind)
        gaps[name] = {"kind": kind, **(draw(more(spoken)) if more else {})}
        if kind == "choice":
            keys = draw(_one_key())
            choices += [Choice(draw(_texts(spoken)), key, name) for key in keys]
    return {"gaps": gaps}, tuple(draw(st.permutations(choices)) if draw(st.booleans()) else choices)


def _plain_number(spoken: tuple[str, ...] = ()) -> st.SearchStrategy[dict[str, Any]]:
    return st.sampled_from([{"value": "4", "tolerance": "0"}, {"value": "-0.5", "tolerance": "0.01"}])


def _rubric(spoken: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    band = st.fixed_dictionaries({"points": st.integers(0, 3), "text": words, "text_zh": words})
    line = st.fixed_dictionaries(
        {
            "id": st.just("r1"),
            "title": words,
            "title_zh": words,
            "points": st.integers(1, 9),
            "bands": st.lists(band, max_size=2),
        }
    )
    return st.fixed_dictionaries({"rubric": st.lists(line, max_size=2)})


CHOICES = {
    "single_choice": lambda spoken: _options(spoken, _one_key()),
    "multiple_response": lambda spoken: _options(spoken, _some_keys()),
    "true_false": _true_false,
    "matching": _matching,
    "ordering": _ordering,
}


@st.composite
def _areas(draw: Any, spoken: tuple[str, ...]) -> dict[str, Any]:
    """Corners on a grid of thousandths, as pixels of a picture of 1000 × 1000 would be."""
    point = st.lists(st.integers(0, 1000).map(lambda n: n / 1000), min_size=2, max_size=2)
    return {"areas": draw(st.lists(st.lists(point, min_size=3, max_size=5), min_size=1, max_size=2))}


KEYS = {"hotspot": _areas, "numeric": _number, "short_text": _accepted, "essay": _rubric, "file_upload": _rubric}
PRESENTATIONS = {
    "hotspot": lambda spoken: st.just({"picture": PICTURE.sha256, "alt": {language: f"Map {language}" for language in spoken}}),
    "essay": lambda spoken: st.sampled_from([{"words": [None, None]}, {"words": [200, 400]}]),
    "file_upload": lambda spoken: st.just({"accepts": [".pdf"], "most_bytes": 10_000_000}),
}
RULES = {
    "single_choice": ["all_or_nothing", "penalty"],
    "true_false": ["all_or_nothing", "penalty"],
    "multiple_response": ["all_or_nothing", "partial_credit", "penalty"],
    "matching": ["all_or_nothing", "per_part"],
    "ordering": ["all_or_nothing", "per_part"],
    "cloze": ["all_or_nothing", "per_part"],
}


def entry_of(type: str, content: VersionContent, code: str = "Q-1") -> Entry:
    return Entry("", code=code, type=type, content=content, place=Place("C01", 3, "apply", ""))
