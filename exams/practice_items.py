"""What the practice paper asks: one question of each type, about nothing that any exam is about."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any

from exams.content import Choice, VersionContent, Wording
from exams.item_types.matching import LEFT, RIGHT
from exams.item_types.true_false import choices_for

BOTH = ("en", "zh-hans")


@dataclass(frozen=True)
class PracticeItem:
    """A type, the section it stands in (1 or 2), and what it says in English and Chinese."""

    type: str
    area: int
    stem: tuple[str, str]
    choices: tuple[Choice, ...] = ()
    key: dict[str, Any] = field(default_factory=dict)
    presentation: dict[str, Any] = field(default_factory=dict)
    points: int = 1

    def content(self, picture: str) -> VersionContent:
        why = ("Only to practise: nothing here counts.", "仅供练习，不计成绩。")
        wordings = {
            language: Wording(f"<p>{stem}</p>", f"<p>{reason}</p>", "practice")
            for language, stem, reason in zip(BOTH, self.stem, why, strict=True)
        }
        presentation = {**self.presentation, "picture": picture} if self.type == "hotspot" else self.presentation
        return VersionContent(wordings, self.choices, self.key, points=self.points, presentation=presentation)


def _choice(english: str, chinese: str, *, key: bool = False, group: str = "", pair: int | None = None) -> Choice:
    return Choice(dict(zip(BOTH, (english, chinese), strict=True)), key, group, pair)


_BANDS = [
    {"points": 1, "text": "Something is there.", "text_zh": "有内容。"},
    {"points": 0, "text": "Nothing is there.", "text_zh": "没有内容。"},
]
_RUBRIC = {"rubric": [{"id": "c1", "title": "Practice", "title_zh": "练习", "points": 1, "bands": _BANDS}]}

ITEMS = (
    PracticeItem(
        "single_choice",
        1,
        ("Which of these is a day of the week? Choose one.", "下列哪一项是一周中的一天？请选择一项。"),
        (_choice("Tuesday", "星期二", key=True), _choice("April", "四月"), _choice("Winter", "冬天")),
    ),
    PracticeItem(
        "multiple_response",
        1,
        ("Which of these are fruit? Choose all of them.", "下列哪些是水果？请选出全部。"),
        (_choice("Apple", "苹果", key=True), _choice("Pear", "梨", key=True), _choice("Chair", "椅子")),
    ),
    PracticeItem("true_false", 1, ("An hour has sixty minutes.", "一小时有六十分钟。"), choices_for(True)),
    PracticeItem(
        "numeric",
        1,
        ("How much is 3 × 4? You may use the calculator.", "3 × 4 等于多少？可以使用计算器。"),
        key={"value": "12", "tolerance": "0"},
    ),
    PracticeItem(
        "short_text",
        1,
        ("Write the word “blue”.", "请写出“蓝色”两个字。"),
        key={"accepted": {"en": ["blue"], "zh-hans": ["蓝色"]}},
    ),
    PracticeItem(
        "cloze",
        1,
        (
            "A week has [[g1]] days, and the one after Monday is [[g2]].",
            "一周有 [[g1]] 天，星期一的后一天是[[g2]]。",
        ),
        (_choice("Tuesday", "星期二", key=True, group="g2"), _choice("Sunday", "星期日", group="g2")),
        {"gaps": {"g1": {"kind": "number", "value": "7", "tolerance": "0"}, "g2": {"kind": "choice"}}},
    ),
    PracticeItem(
        "ordering",
        2,
        ("Put these in the order of a day.", "请按一天中的先后顺序排列。"),
        (_choice("Morning", "早晨"), _choice("Noon", "中午"), _choice("Evening", "傍晚")),
    ),
    PracticeItem(
        "matching",
        2,
        ("Give each animal its sound.", "请为每种动物选出它的叫声。"),
        (
            _choice("Cat", "猫", group=LEFT, pair=1),
            _choice("Dog", "狗", group=LEFT, pair=2),
            _choice("Miaow", "喵", group=RIGHT, pair=1),
            _choice("Woof", "汪", group=RIGHT, pair=2),
            _choice("Moo", "哞", group=RIGHT),
        ),
    ),
    PracticeItem(
        "hotspot",
        2,
        ("Mark the circle.", "请标出圆形。"),
        key={"areas": [[[0.08, 0.25], [0.36, 0.25], [0.36, 0.75], [0.08, 0.75]]]},
        presentation={"alt": {"en": "A circle on the left, a square on the right.", "zh-hans": "左边是圆形，右边是正方形。"}},
    ),
    PracticeItem(
        "essay",
        2,
        ("Write one or two sentences about the weather today.", "请用一两句话写一写今天的天气。"),
        key=_RUBRIC,
        presentation={"words": [1, 100]},
    ),
    PracticeItem(
        "file_upload",
        2,
        ("Send any small text file or PDF.", "请上传任意一个小的文本文件或 PDF 文件。"),
        key=_RUBRIC,
        presentation={"accepts": [".pdf", ".txt"], "most_bytes": 1_000_000},
    ),
)


def circle_and_square() -> bytes:
    """The hotspot's picture as PNG."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (640, 320), "white")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((70, 95, 210, 235), outline="black", width=6)
    draw.rectangle((420, 90, 570, 230), outline="black", width=6)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
