"""What can be asked about courses and progress. Lists cost the same whatever their length."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import get_language
from wagtail.models import Locale

from accounts.models import User
from courses.models import CohortCourse, Course, CoursePage, Enrolment, Lesson, LessonCompletion, LessonPage
from partners.models import CohortPlace
from standards.models import Competence, Level, Standard, Track


@dataclass(frozen=True)
class Progress:
    """How far an enrolment is: lessons done of lessons published, and the lesson to go on with."""

    done: int
    total: int
    next_lesson: Lesson | None = None
    done_ids: frozenset[int] = frozenset()

    @property
    def percent(self) -> int:
        return round(100 * self.done / self.total) if self.total else 0


@dataclass(frozen=True)
class Prerequisite:
    """A course to finish first, and how far the learner is in it."""

    course: Course
    progress: Progress
    is_enrolled: bool


@dataclass(frozen=True)
class NextStep:
    """The one thing to do next: go on with a lesson (`lesson`), or enrol in a course (`enrol`)."""

    kind: str
    course: Course
    url: str
    lesson: Lesson | None = None
    enrolment: Enrolment | None = None
    progress: Progress | None = None


@dataclass
class Cell:
    """One cell of the matrix: the course of a track at a level."""

    level: Level
    course: Course | None = None
    page: CoursePage | None = None
    is_open: bool = False


@dataclass
class MatrixRow:
    track: Track
    cells: list[Cell] = field(default_factory=list)


def live_lesson_pages() -> QuerySet[LessonPage]:
    return LessonPage.objects.filter(lesson=OuterRef("pk"), live=True)


def lessons_with_pages() -> QuerySet[Lesson]:
    """Lessons that somebody can read, in whatever language."""
    return Lesson.objects.filter(Exists(live_lesson_pages()))


def open_courses() -> QuerySet[Course]:
    """Courses one can enrol in: every lesson of the outline is published."""
    unwritten = Lesson.objects.filter(~Exists(live_lesson_pages()), course=OuterRef("pk"))
    return Course.objects.filter(Exists(Lesson.objects.filter(course=OuterRef("pk"))), ~Exists(unwritten))


def is_open(course: Course) -> bool:
    return open_courses().filter(pk=course.pk).exists()


def progress_of(enrolments: Iterable[Enrolment]) -> dict[int, Progress]:
    """Progress by enrolment id, in two queries however many there are."""
    rows = list(enrolments)
    lessons: dict[int, list[Lesson]] = defaultdict(list)
    for lesson in lessons_with_pages().filter(course__in={row.course_id for row in rows}).order_by("position"):
        lessons[lesson.course_id].append(lesson)
    done: dict[int, set[int]] = defaultdict(set)
    completed = LessonCompletion.objects.filter(enrolment__in=rows, completed_at__isnull=False)
    for enrolment_id, lesson_id in completed.values_list("enrolment_id", "lesson_id"):
        done[enrolment_id].add(lesson_id)
    return {row.pk: _progress(row, lessons[row.course_id], done[row.pk]) for row in rows}


def _progress(enrolment: Enrolment, lessons: list[Lesson], done: set[int]) -> Progress:
    finished = enrolment.status == Enrolment.Status.COMPLETED
    ahead = [lesson for lesson in lessons if lesson.pk not in done]
    # Where the learner was, when that is not done yet; else the first lesson that is not.
    here = [lesson for lesson in ahead if lesson.pk == enrolment.last_lesson_id]
    return Progress(
        # A lesson published after the course was finished is no debt.
        done=len(lessons) if finished else len(lessons) - len(ahead),
        total=len(lessons),
        next_lesson=None if finished else next(iter(here or ahead), None),
        done_ids=frozenset(done),
    )


def enrolments_of(learner: User) -> QuerySet[Enrolment]:
    """A learner's places in courses, the last used first."""
    return (
        Enrolment.objects.filter(learner=learner)
        .exclude(status=Enrolment.Status.LEFT)
        .select_related("course__track", "course__level", "last_lesson", "place__cohort")
        .order_by(F("last_seen_at").desc(nulls_last=True), "-enrolled_at")
    )


def enrolment_of(learner: Any, course: Course) -> Enrolment | None:
    """The place of a learner in a course, unless there is none or the learner left."""
    if not getattr(learner, "is_authenticated", False):
        return None
    return Enrolment.objects.filter(learner=learner, course=course).exclude(status=Enrolment.Status.LEFT).first()


def missing_prerequisites(learner: Any, course: Course) -> list[Prerequisite]:
    """What a learner has to finish before this course. At most four queries."""
    required = list(course.prerequisites.all())
    if not required:
        return []
    known = getattr(learner, "is_authenticated", False)
    places = {row.course_id: row for row in Enrolment.objects.filter(learner=learner, course__in=required)} if known else {}
    progress = progress_of(places.values())
    missing = []
    for other in required:
        place = places.get(other.pk)
        if place is None:
            missing.append(Prerequisite(other, Progress(0, lessons_with_pages().filter(course=other).count()), False))
        elif place.status != Enrolment.Status.COMPLETED:
            missing.append(Prerequisite(other, progress[place.pk], place.status == Enrolment.Status.ACTIVE))
    return missing


def next_step(learner: User) -> NextStep | None:
    """What a learner should do next: the course last used, else the first one that is open to this learner."""
    places = list(Enrolment.objects.filter(learner=learner).select_related("course").prefetch_related("course__prerequisites"))
    completed = {row.course_id for row in places if row.status == Enrolment.Status.COMPLETED}
    active = [row for row in enrolments_of(learner) if row.status == Enrolment.Status.ACTIVE]
    progress = progress_of(active)
    required = {row.course_id: {other.pk for other in row.course.prerequisites.all()} for row in places}
    for row in active:
        lesson = progress[row.pk].next_lesson
        if lesson and required[row.course_id] <= completed:
            return NextStep("lesson", row.course, lesson.get_absolute_url(), lesson, row, progress[row.pk])
    taken = {row.course_id for row in places if row.status != Enrolment.Status.LEFT}
    for course in open_courses().exclude(pk__in=taken).prefetch_related("prerequisites").order_by("level__position", "code"):
        if {other.pk for other in course.prerequisites.all()} <= completed:
            return NextStep("enrol", course, course.get_absolute_url())
    return None


def waiting_places() -> QuerySet[CohortPlace]:
    """Active cohort places whose person is still to be enrolled in one of the cohort's open courses."""
    taken = Enrolment.objects.filter(learner=OuterRef(OuterRef("user")), course=OuterRef("course"))
    due = CohortCourse.objects.filter(~Exists(taken), cohort=OuterRef("cohort"), course__in=open_courses())
    return CohortPlace.objects.filter(Exists(due), status=CohortPlace.Status.ACTIVE).order_by("pk")


def locale_for(language: str | None = None) -> Locale | None:
    """The content locale of a language; None before the site is loaded."""
    code = language or get_language() or "en"
    return Locale.objects.filter(language_code="zh-hans" if code.startswith("zh") else code).first()


def page_of_lesson(lesson: Lesson, language: str | None = None) -> LessonPage | None:
    """The live page in this language, else in another one; one query."""
    pages = list(LessonPage.objects.filter(lesson=lesson, live=True).select_related("locale"))
    return _in_language(pages, language)


def page_of_course(course: Course, language: str | None = None) -> CoursePage | None:
    pages = list(CoursePage.objects.filter(course=course, live=True).select_related("locale"))
    return _in_language(pages, language)


def _in_language(pages: list[Any], language: str | None) -> Any:
    code = language or get_language() or "en"
    wanted = "zh-hans" if code.startswith("zh") else code
    return next((page for page in pages if page.locale.language_code == wanted), None) or next(iter(pages), None)


def matrix(language: str | None = None) -> tuple[list[MatrixRow], list[Cell]]:
    """Four tracks by four levels, and the shared courses before them; a fixed number of queries."""
    levels = list(Level.objects.all())
    pages = {
        page.course_id: page for page in CoursePage.objects.filter(live=True, locale=locale_for(language)).order_by("path")
    }
    ready = set(open_courses().values_list("pk", flat=True))
    cells: dict[tuple[int | None, int], Cell] = {}
    shared: list[Cell] = []
    by_id = {level.pk: level for level in levels}
    for course in Course.objects.prefetch_related("lessons"):
        cell = Cell(by_id[course.level_id], course, pages.get(course.pk), course.pk in ready)
        if course.track_id is None:
            shared.append(cell)
        else:
            cells[course.track_id, course.level_id] = cell
    rows = [
        MatrixRow(track, [cells.get((track.pk, level.pk)) or Cell(level) for level in levels]) for track in Track.objects.all()
    ]
    return rows, shared


def lessons_teaching(standard: Standard) -> QuerySet[Lesson]:
    """The lessons that name a standard, by course."""
    return (
        Lesson.objects.filter(standards=standard)
        .select_related("course__level", "course__track")
        .annotate(is_live=Exists(live_lesson_pages()))
        .order_by("course__level__position", "course__code", "position")
    )


def competences_of(lesson: Lesson) -> list[Competence]:
    """What a lesson works towards: its own competences, or where none are named, those of its course."""
    own = list(lesson.competences.all())
    return own or list(lesson.course.competences.all())
