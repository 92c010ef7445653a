"""The small worlds of the journeys: a track with a course, its exam and its scheme, as a visitor finds them."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone
from wagtail.models import Locale

from certificates.models import CertificationScheme, SchemeRequirement
from cms.models import TrackIndexPage, TrackPage
from courses.actions.content import stable_id
from courses.models import Course
from standards.models import Track
from tests.factories.certificates import make_scheme
from tests.factories.courses import CourseFactory, LessonFactory, course_page, index_page, lesson_page, written_course
from tests.factories.exams import ExamFactory, make_paper, make_sitting
from tests.factories.standards import LevelFactory, TrackFactory

LANGUAGES = ("en", "zh-hans")
__all__ = ["CourseFactory", "LessonFactory", "course_page", "lesson_page", "make_road"]


def make_road() -> SimpleNamespace:
    """Everything between the front page and a certificate: public pages, a course of two lessons, a sitting, a scheme."""
    track = TrackFactory()
    course = written_course(
        languages=LANGUAGES, code="AIS-PT-10", title="Foundations of AI security", title_zh="人工智能安全基础", track=track
    )
    for language in LANGUAGES:
        put_under_track(course, track, language)
    exam = ExamFactory(code="EX-PT-L1", title="Professional technology, Foundation", title_zh="专业技术（基础级）")
    sitting = make_sitting(
        make_paper(exam),
        code="pt-l1-open",
        name="Open sitting, this week",
        opens_at=timezone.now() - timedelta(hours=1),
        closes_at=timezone.now() + timedelta(days=5),
    )
    return SimpleNamespace(track=track, course=course, exam=exam, sitting=sitting, scheme=make_road_scheme(course, exam))


def make_road_scheme(course: Course, exam: object) -> CertificationScheme:
    scheme = make_scheme(active=False, courses=0, exams=0, code="AIS-PT-L1", level=LevelFactory())
    SchemeRequirement.objects.create(scheme=scheme, kind="course_completed", course=course)
    SchemeRequirement.objects.create(scheme=scheme, kind="exam_passed", exam=exam)
    scheme.status, scheme.activated_at = "active", timezone.now()
    scheme.save()
    return scheme


def put_under_track(course: Course, track: Track, language: str) -> TrackPage:
    """The track's page in that language, with the course's page below it."""
    index: TrackIndexPage = index_page(language)
    page = TrackPage(
        title=track.title if language == "en" else track.title_zh,
        slug=track.slug,
        track=track,
        tagline="Build AI systems that hold." if language == "en" else "构建经得起考验的人工智能系统。",
        intro="For those who build." if language == "en" else "面向建设者。",
        roles="Engineer",
        locale=Locale.objects.get(language_code=language),
        translation_key=stable_id("track", track.code),
    )
    index.add_child(instance=page)
    course_page(course, language).move(page, "last-child")
    return page
