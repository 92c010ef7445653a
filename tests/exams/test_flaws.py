"""Every rule of item writing by example: what it finds, in both languages, and what it must leave alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2, chisquare

from exams.content import Choice, VersionContent, Wording
from exams.flaws import REGISTRY, Finding, Said, Subject, digest_of, findings_in
from exams.flaws.key_positions import key_positions, upper_tail
from exams.flaws.reading import subjects_of


def subject(
    stem: str, *options: str, keys: tuple[int, ...] = (1,), language: str = "en", type: str = "single_choice", html: str = ""
) -> Subject:
    said = tuple(Said(number, text, number in keys) for number, text in enumerate(options, 1))
    return Subject(type, language, stem, html or stem, said)


def rules_of(*subjects: Subject) -> set[str]:
    return {finding.rule for finding in findings_in(subjects)}


ZH = "zh-hans"
# rule, what breaks it, what does not though it looks like it
EXAMPLES: list[tuple[str, list[Subject], list[Subject]]] = [
    (
        "longest_key",
        [
            subject("Why?", "Because the model was trained on records that hold the label", "A bug", "By chance", "Old data"),
            subject("为什么？", "因为训练数据中已经含有待预测的标签信息", "程序出错", "偶然", "数据过旧", language=ZH),
        ],
        [
            subject("Why?", "Because of leakage", "A bug in the code", "By mere chance", "Old records"),
            subject("Why?", "Yes, always so", "No", "It depends"),
            # A distractor may be long, and so may one key when another key is short.
            subject("Why?", "A bug", "Because the model was trained on records that hold the label", "By chance"),
            subject("Why?", "Leaks", "Because the records hold the label in another field", "A bug", "Chance", keys=(1, 2)),
            subject("为什么？", "数据泄漏", "程序出错", "偶然", language=ZH),
        ],
    ),
    (
        "uneven_options",
        [
            subject(
                "Which?",
                "Logs",
                "Keys",
                "The complete set of records that every gateway of the firm has kept for a year",
                keys=(1,),
            ),
            subject("哪一项？", "日志", "密钥", "公司所有网关在过去一年里保存下来的全部访问记录及审批材料", language=ZH),
        ],
        [
            subject("Which?", "The training data", "The pipeline", "The platform on which it runs"),
            subject("哪一项？", "训练数据", "数据流水线", "人工智能平台", language=ZH),
        ],
    ),
    (
        "all_of_the_above",
        [
            subject("Which?", "Logs", "Keys", "All of the above"),
            subject("Which?", "Logs", "Keys", "All of these options"),
            subject("Which?", "Logs", "Keys", "Both of the above"),
            subject("哪一项？", "日志", "密钥", "以上都是", language=ZH),
            subject("哪一项？", "日志", "密钥", "上述各项均正确", language=ZH),
        ],
        [
            subject("Which?", "Logs", "Keys", "All of the training data"),
            subject("Which?", "Logs", "Keys", "All models of the vendor"),
            subject("哪一项？", "日志", "密钥", "全部训练数据", language=ZH),
            subject("哪一项？", "日志", "密钥", "以上都不是", language=ZH),
        ],
    ),
    (
        "none_of_the_above",
        [
            subject("Which?", "Logs", "Keys", "None of the above"),
            subject("Which?", "Logs", "Keys", "Neither of these"),
            subject("哪一项？", "日志", "密钥", "以上都不是", language=ZH),
            subject("哪一项？", "日志", "密钥", "上述各项均非", language=ZH),
        ],
        [
            subject("Which?", "Logs", "Keys", "None, because the model keeps no state"),
            subject("哪一项？", "日志", "密钥", "都不需要人工复核的数据", language=ZH),
            subject("哪一项？", "日志", "密钥", "以上都是", language=ZH),
        ],
    ),
    (
        "negative_unmarked",
        [
            subject("Which of these is not a threat to the model?", "A", "B"),
            subject("Which measure does never help?", "A", "B"),
            subject("All of these are threats except", "A", "B"),
            subject("Which is the least useful control?", "A", "B"),
            subject("下列哪一项不属于模型面临的威胁？", "甲", "乙", language=ZH),
            subject("下列说法错误的是？", "甲", "乙", language=ZH),
            subject("以下关于日志的描述，哪项不正确？", "甲", "乙", language=ZH),
            subject("除日志以外，哪些都是证据？", "甲", "乙", language=ZH),
        ],
        [
            subject("Which is not a threat?", "A", "B", html="Which is <strong>not</strong> a threat?"),
            subject("Which of these is NOT a threat?", "A", "B"),
            subject("The data may not leave the country. Which design fits?", "A", "B"),
            subject("The team has never logged anything. What comes first?", "A", "B"),
            subject("The gateway admits all traffic except on Sundays. What follows?", "A", "B"),
            subject("下列哪一项不属于威胁？", "甲", "乙", language=ZH, html="下列哪一项<strong>不属于</strong>威胁？"),
            subject("数据不得出境。哪种设计合适？", "甲", "乙", language=ZH),
            subject("模型输出不稳定，团队首先应当做什么？", "甲", "乙", language=ZH),
            subject("下列哪项最能说明两种攻击的不同？", "甲", "乙", language=ZH),
            subject("判断该模型是不是过拟合，下列哪项证据最有力？", "甲", "乙", language=ZH),
        ],
    ),
    (
        "double_statement",
        [
            subject("A hash is secret because it is salted.", "True", "False", type="true_false"),
            subject("散列值是公开的；因此它可以逆推。", "正确", "错误", type="true_false", language=ZH),
        ],
        [
            subject("A hash is of fixed length.", "True", "False", type="true_false"),
            subject("散列值的长度固定。", "正确", "错误", type="true_false", language=ZH),
            subject("It failed because of drift. What helps?", "A", "B"),
        ],
    ),
    (
        "absolute_words",
        [
            subject("Which?", "It reduces the risk", "It always works", "It adds a cost"),
            subject("Which?", "It reduces the risk", "It is completely safe", "It adds a cost"),
            subject("哪一项？", "降低风险", "绝不会出错", "增加成本", language=ZH),
            subject("哪一项？", "降低风险", "一定有效", "增加成本", language=ZH),
        ],
        [
            subject("Which?", "It reduces the risk", "It works in most cases", "It adds a cost"),
            subject("Which?", "It always fails", "It always works", "It always costs"),
            subject("Which?", "An always-on gateway", "A queue", "A log"),
            subject("哪一项？", "在一定程度上降低风险", "扩大日志范围", "增加成本", language=ZH),
            subject("This always holds.", "True", "False", type="true_false"),
        ],
    ),
    (
        "clue_words",
        [
            subject("How is membership inference recognised?", "By membership tests", "By its speed", "By its cost"),
            subject("某组织取得管理体系认证，说明什么？", "其管理体系经过审核", "产品安全", "人员合格", language=ZH),
        ],
        [
            subject("How is membership inference recognised?", "By membership tests", "By membership fees", "By its cost"),
            subject("What does the model output?", "A model of the input", "A score", "A list"),
            subject("某组织取得管理体系认证，说明什么？", "其管理体系经过审核", "管理体系无缺陷", "人员合格", language=ZH),
            subject("某组织取得认证，说明什么？", "经过认证机构审核", "产品安全", "人员合格", language=ZH),
        ],
    ),
    (
        "article_cue",
        [
            subject("The attacker uses an", "evasion attack", "poisoning attack", "theft"),
            subject("What protects this is a ____", "hash", "encoder", "index"),
        ],
        [
            subject("The attacker uses a(n)", "evasion attack", "poisoning attack"),
            subject("The attacker uses an", "evasion attack", "inference attack", "hour of idle time"),
            subject("This is a", "uniform key", "user", "US rule"),
            subject("What follows from plan A?", "evasion", "poisoning"),
            subject("攻击者使用的是 A", "规避", "投毒", language=ZH),
        ],
    ),
    (
        "unlike_options",
        [
            subject("How many?", "12 %", "15 %", "It cannot be said"),
            subject("有多少？", "12", "15", "无法判断", language=ZH),
            subject("Which?", "A log", "The log is kept.", "A key"),
        ],
        [
            subject("How many?", "12 %", "15 %", "20 %"),
            subject("Which?", "A log", "A key", "A queue"),
            subject("Which?", "The log is kept.", "The key is lost.", "The queue is full."),
            subject("有多少？", "12次", "15次", "20次", language=ZH),
        ],
    ),
    (
        "missing_alternative",
        [Subject("numeric", "en", "How many?", undescribed_pictures=1)],
        [Subject("numeric", "en", "How many?")],
    ),
]


def test_every_rule_has_examples_and_a_sentence_in_words() -> None:
    assert {rule for rule, _broken, _kept in EXAMPLES} == set(REGISTRY)
    for rule, broken, _kept in EXAMPLES:
        for each in broken:
            for finding in findings_in([each]):
                assert "%(" not in str(REGISTRY[finding.rule].sentence) % finding.details, rule


@pytest.mark.parametrize(("rule", "example"), [(rule, each) for rule, broken, _kept in EXAMPLES for each in broken])
def test_a_rule_finds(rule: str, example: Subject) -> None:
    assert rule in rules_of(example)


@pytest.mark.parametrize(("rule", "example"), [(rule, each) for rule, _broken, kept in EXAMPLES for each in kept])
def test_a_rule_leaves_alone(rule: str, example: Subject) -> None:
    assert rule not in rules_of(example)


def content(**changes: Any) -> VersionContent:
    said: dict[str, Any] = {
        "wordings": {"en": Wording("<p>What is <strong>right</strong>?</p>")},
        "choices": (Choice({"en": "<em>One</em>"}, True), Choice({"en": "Two"}), Choice({"en": "Three"})),
    }
    return VersionContent(**{**said, **changes})


def test_a_version_is_read_without_marks_and_parts_of_an_order_are_no_choices() -> None:
    (one,) = subjects_of(content(), "single_choice")

    assert (one.stem, [option.text for option in one.options]) == ("What is right?", ["One", "Two", "Three"])
    assert subjects_of(content(), "ordering")[0].options == ()


def test_a_picture_to_point_at_needs_its_words_in_each_language() -> None:
    wordings = {"en": Wording("Where?"), "zh-hans": Wording("哪里？")}
    shown = content(wordings=wordings, choices=(), presentation={"picture": "x", "alt": {"en": "A network"}})

    found = findings_in(subjects_of(shown, "hotspot"))

    assert found == [Finding("missing_alternative", "zh-hans", {"count": 1})]


def test_the_digest_of_what_rules_read_changes_with_words_and_keys_and_not_with_the_rationale() -> None:
    def digest(**changes: Any) -> str:
        return digest_of(subjects_of(content(**changes), "single_choice"))

    assert digest() == digest(wordings={"en": Wording("<p>What is <strong>right</strong>?</p>", "Because")})
    assert digest() != digest(wordings={"en": Wording("<p>What is right?</p>")})
    assert digest() != digest(choices=(Choice({"en": "One"}), Choice({"en": "Two"}, True), Choice({"en": "Three"})))


# --- Where the keys of a bank stand -----------------------------------------------------------------


@given(st.floats(0.001, 80), st.integers(1, 14))
def test_the_upper_tail_is_that_of_the_chi_square_distribution(x: float, freedom: int) -> None:
    assert upper_tail(x, freedom) == pytest.approx(chi2.sf(x, freedom), rel=1e-9, abs=1e-14)


def test_places_are_tested_by_number_of_options_as_scipy_does() -> None:
    keys = [(1, 4)] * 5 + [(2, 4)] * 25 + [(3, 4)] * 22 + [(4, 4)] * 4 + [(1, 3)] * 3

    three, four = key_positions(keys)

    expected = chisquare([5, 25, 22, 4])
    assert (four.counts, four.chi_square, four.p) == (
        (5, 25, 22, 4),
        pytest.approx(expected.statistic),
        pytest.approx(expected.pvalue),
    )
    assert four.is_biased
    # Three items claim nothing.
    assert (three.items, three.p, three.is_biased, three.needed) == (3, None, False, 15)


def test_even_places_are_even() -> None:
    (found,) = key_positions([(place, 4) for place in (1, 2, 3, 4)] * 10)

    assert (found.chi_square, found.p, found.is_biased) == (0, 1.0, False)
