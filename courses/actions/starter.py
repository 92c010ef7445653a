"""Loading the starter courses: the language-neutral records. Their pages are loaded by `cms.actions.starter`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from courses.models import Course, Lesson
from standards.actions.starter import Loader, LoadReport, Values
from standards.models import Competence, Level, Standard, Track

STARTER = Path(__file__).resolve().parent.parent / "starter"


@transaction.atomic
def load_courses(folder: Path = STARTER) -> LoadReport:
    """Bring courses and lessons to what the starter files say; rows edited since are left alone.

    Needs the catalogue (`load_catalogue`) first, for tracks, levels, competences and standards.
    """
    content = yaml.safe_load((folder / "courses.yaml").read_text(encoding="utf-8"))["courses"]
    report = LoadReport()
    courses = _load_course_rows(content, report)
    _load_lessons(content, courses, written_lessons(folder), report)
    return report


def written_lessons(folder: Path) -> dict[str, dict[str, Any]]:
    """Minutes and titles of the lessons that are written: their own wording goes before the outline's."""
    written: dict[str, dict[str, Any]] = {}
    for language, key in (("en", "title"), ("zh-hans", "title_zh")):
        for path in sorted((folder / "lessons" / language).glob("*.yaml")):
            lesson = yaml.safe_load(path.read_text(encoding="utf-8"))
            written.setdefault(lesson["code"], {"minutes": lesson["minutes"]})[key] = lesson["title"]
    return written


def _load_course_rows(content: list[dict[str, Any]], report: LoadReport) -> dict[str, Course]:
    tracks = {track.code: track for track in Track.objects.all()}
    levels = {level.code: level for level in Level.objects.all()}
    competences = {competence.code: competence for competence in Competence.objects.all()}

    def read(course: Course) -> Values:
        return {
            "code": course.code,
            "title": course.title,
            "title_zh": course.title_zh,
            "track": course.track.code if course.track else None,
            "level": course.level.code,
            "hours": course.hours,
            "competences": sorted(competence.code for competence in course.competences.all()),
            "prerequisites": sorted(other.code for other in course.prerequisites.all()),
        }

    def write(course: Course | None, values: Values) -> Course:
        fields = dict(values)
        of_course, before = fields.pop("competences"), fields.pop("prerequisites")
        fields |= {"track": tracks.get(fields["track"]), "level": levels[fields["level"]]}
        course, _ = Course.objects.update_or_create(code=fields["code"], defaults=fields)
        course.competences.set([competences[code] for code in of_course if code in competences])
        course.prerequisites.set(Course.objects.filter(code__in=before))
        return course

    rows = Course.objects.select_related("track", "level").prefetch_related("competences", "prerequisites")
    loader = Loader("course", {course.code: course for course in rows}, read, write, report)
    # The file lists a course after those it builds on.
    for entry in content:
        loader.load(
            entry["code"],
            {
                "code": entry["code"],
                "title": entry["title"]["en"],
                "title_zh": entry["title"]["zh"],
                "track": entry["track"],
                "level": entry["level"],
                "hours": entry["hours"],
                "competences": sorted(entry["competences"]),
                "prerequisites": sorted(entry["prerequisites"]),
            },
        )
    return loader.rows


def _load_lessons(
    content: list[dict[str, Any]], courses: dict[str, Course], written: dict[str, dict[str, Any]], report: LoadReport
) -> None:
    standards = {standard.slug: standard for standard in Standard.objects.all()}

    def read(lesson: Lesson) -> Values:
        plain = {name: getattr(lesson, name) for name in ("code", "position", "title", "title_zh", "minutes", "objectives")}
        slugs = sorted(standard.slug for standard in lesson.standards.all())
        return plain | {"course": lesson.course.code, "standards": slugs}

    def write(lesson: Lesson | None, values: Values) -> Lesson:
        fields = dict(values)
        slugs = fields.pop("standards")
        fields["course"] = courses[fields["course"]]
        lesson, _ = Lesson.objects.update_or_create(code=fields["code"], defaults=fields)
        lesson.standards.set([standards[slug] for slug in slugs if slug in standards])
        return lesson

    rows = Lesson.objects.select_related("course").prefetch_related("standards")
    loader = Loader("lesson", {lesson.code: lesson for lesson in rows}, read, write, report)
    for entry in content:
        share = round(entry["hours"] * 60 / len(entry["lessons"]) / 5) * 5
        for position, lesson in enumerate(entry["lessons"], 1):
            if entry["code"] in courses:
                values = {
                    "code": lesson["code"],
                    "position": position,
                    "title": lesson["title"]["en"],
                    "title_zh": lesson["title"]["zh"],
                    # Until a lesson is written, its even share of the course's hours.
                    "minutes": share,
                    "objectives": lesson["objectives"],
                    "course": entry["code"],
                    "standards": sorted(lesson["standards"]),
                    **written.get(lesson["code"], {}),
                }
                loader.load(lesson["code"], values)
