"""Searching the site, in words and in Chinese characters."""

import pytest
from django.urls import reverse

from common.chinese import bigrams, search_words
from tests.factories.courses import SINGLE, LessonFactory, home_page, lesson_page, question_block, text_block, written_course
from tests.factories.standards import StandardFactory

pytestmark = pytest.mark.django_db


def found(client, words, language="en"):
    answer = client.get(reverse("cms:search"), {"q": words}, headers={"accept-language": language})
    assert answer.status_code == 200
    return [page.title for page in answer.context["results"]]


def test_pairs_of_characters():
    assert bigrams("食品安全 and 食品", "药") == "食品 品安 安全 药"
    assert search_words("OWASP食品卫生2026") == "OWASP 食品 品卫 卫生 2026"


def test_chinese_inside_a_longer_word_is_found(client):
    home_page("en")
    lesson = LessonFactory(title_zh="数据投毒攻击基础")
    lesson_page(lesson, "zh-hans", body=[text_block("<p>训练数据可能被污染。</p>")])
    lesson_page(LessonFactory(title_zh="模型窃取"), "zh-hans")

    assert found(client, "投毒", "zh-hans") == ["数据投毒攻击基础"]
    assert found(client, "数据污染", "zh-hans") == []
    assert found(client, "污染", "zh-hans") == ["数据投毒攻击基础"]


def test_words_are_found_in_the_language_of_the_reader(client):
    course = written_course(lessons=1, languages=("en", "zh-hans"))

    assert found(client, "poisoning") == [course.lessons.get().title]
    assert found(client, "extraterrestrial") == []


def test_drafts_and_answers_of_practice_questions_are_not_found(client):
    lesson_page(LessonFactory(title="Secret draft"), live=False)
    body = [question_block("q", SINGLE)]
    lesson_page(LessonFactory(title="With a question"), body=body)

    assert found(client, "Secret") == []
    assert found(client, "attack changes") == ["With a question"]
    assert found(client, "training data") == []


def test_standards_stand_beside_the_pages(client):
    StandardFactory(designation="GB/T 45674", title_zh="生成式人工智能数据标注安全规范")

    answer = client.get(reverse("cms:search"), {"q": "标注安全"}, headers={"accept-language": "zh-hans"})

    assert "GB/T 45674" in answer.text


@pytest.mark.parametrize("words", ["", "   ", '"', "'; --", "* OR 1", "(", "a" * 5000, "\0", "AND OR NOT", "投"])
def test_no_words_break_the_search(client, words):
    found(client, words)
