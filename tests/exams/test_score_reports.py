"""What a candidate reads: how each area went, how sure that is, and what to study."""

from __future__ import annotations

from math import sqrt

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from exams.models import TechnicalReport
from exams.queries.results import score_report
from exams.score_bands import band_of, binomial_error, effective_items
from tests.factories.accounts import UserFactory
from tests.factories.attempts import right_answers, scored
from tests.factories.courses import written_course
from tests.factories.exams import CompetenceFactory, make_paper, make_sitting
from tests.factories.results import release_sitting


def test_lords_error_is_that_of_the_binomial():
    assert binomial_error(0.5, 26) == pytest.approx(0.1)
    assert binomial_error(0.8, 17) == pytest.approx(sqrt(0.16 / 16))
    # Nothing right and everything right are not certain: half an item is taken off or added.
    assert binomial_error(0, 10) == pytest.approx(sqrt(0.05 * 0.95 / 9))
    assert binomial_error(1, 10) == pytest.approx(binomial_error(0, 10))


def test_items_of_unequal_worth_count_as_fewer():
    assert effective_items([1] * 12) == pytest.approx(12)
    assert effective_items([3, 1, 1, 1]) == pytest.approx(3)
    assert effective_items([]) == 0


@given(share=st.floats(0, 1), items=st.integers(2, 400))
def test_a_band_holds_its_share_and_stays_on_the_scale(share, items):
    band = band_of(share, binomial_error(share, items))
    assert 0 <= band.low <= band.share <= band.high <= 1
    assert band.high > band.low


@pytest.mark.django_db
class TestPage:
    @pytest.fixture
    def sitting(self):
        return make_sitting(make_paper(repeat=3))

    @pytest.fixture
    def result(self, sitting):
        answers = right_answers(list(sitting.paper.items.select_related("version__item")))
        half = {position: answer for position, answer in answers.items() if position in (1, 2, 3, 7)}
        result = scored(sitting, UserFactory(full_name="Ada"), half)
        release_sitting(sitting)
        result.refresh_from_db()
        return result

    def test_each_area_has_its_band(self, result):
        report = score_report(result)

        assert [(area.items, area.percent) for area in report.areas] == [(6, 50), (6, 16)]
        assert report.areas[0].band is not None
        assert report.areas[0].band.high - report.areas[0].band.share == pytest.approx(sqrt(0.25 / 5))
        assert (report.method, report.items) == ("binomial", 12)
        assert report.whole is not None
        assert report.scaled is not None
        assert report.scaled[0] < result.scaled_score < report.scaled[1]

    def test_the_papers_own_error_is_used_once_it_is_known(self, result):
        figures = {"paper": {"error": 0.6}, "items": [{"is_scored": True, "most": 1.0}] * 12}
        now = timezone.now()
        TechnicalReport.objects.create(
            paper=result.attempt.paper, asked_by=UserFactory(), asked_at=now, ready_at=now, status="ready", figures=figures
        )
        report = score_report(result)
        assert report.method == "paper"
        assert report.whole.high - report.whole.share == pytest.approx(0.05)
        figures["paper"] = None
        TechnicalReport.objects.update(figures=figures)
        assert score_report(result).method == "binomial"

    def test_nothing_is_claimed_from_a_few_questions(self, client):
        sitting = make_sitting(make_paper())
        result = scored(sitting, UserFactory(), {})
        release_sitting(sitting)
        report = score_report(result)
        assert ([area.band for area in report.areas], report.whole, report.scaled) == ([None, None], None, None)
        client.force_login(result.attempt.registration.candidate)
        page = client.get(reverse("exams:result", args=[result.uuid])).content.decode()
        assert page.count("Too few questions to say") == 2
        assert '<svg class="band"' not in page

    def test_a_fail_names_competences_and_lessons_and_never_an_item(self, client, result):
        competence = CompetenceFactory(title="Dataset protection")
        result.attempt.paper.exam.blueprint.lines.get(number=2).competences.add(competence)
        lesson = written_course(lessons=1).lessons.get()
        lesson.competences.add(competence)
        client.force_login(result.attempt.registration.candidate)

        page = client.get(reverse("exams:result", args=[result.uuid])).content.decode()

        assert "Dataset protection" in page
        assert lesson.name in page
        assert reverse("courses:lesson", args=[lesson.code]) in page
        for item in result.attempt.paper.items.all():
            assert item.version.item.code not in page
        assert "Question 1" not in page

    def test_the_picture_says_in_words_what_it_shows(self, client, result):
        client.force_login(result.attempt.registration.candidate)
        page = client.get(reverse("exams:result", args=[result.uuid])).content.decode()
        assert 'role="img" aria-label="50 percent, between 28 and 72; needed 60"' in page
        assert " style=" not in page[page.index("<main") : page.index("</main")]

    def test_another_persons_report_is_missing(self, client, result):
        client.force_login(UserFactory())
        assert client.get(reverse("exams:result", args=[result.uuid])).status_code == 404

    def test_the_report_costs_the_same_for_few_and_many_areas(self, client, result, django_assert_max_num_queries):
        client.force_login(result.attempt.registration.candidate)
        url = reverse("exams:result", args=[result.uuid])
        client.get(url)
        with translation.override("en"), django_assert_max_num_queries(22):
            client.get(url)
