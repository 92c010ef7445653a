"""A learner's way through courses."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courses.actions.enrolment import enrol_learner, leave_course
from courses.actions.learning import mark_read
from courses.errors import NotEnrolled
from courses.models import Course, Enrolment, Lesson
from courses.queries import enrolment_of, enrolments_of, next_step, page_of_course, page_of_lesson, progress_of
from courses.views.language import asked_language


@login_required
@require_safe
def my_courses(request: HttpRequest) -> HttpResponse:
    """The learner's courses with progress, and the next step."""
    places = Paginator(enrolments_of(request.user), 25).get_page(request.GET.get("page"))
    progress = progress_of(places)
    rows = [(place, progress[place.pk]) for place in places]
    context = {"rows": rows, "page_obj": places, "next_step": next_step(request.user)}
    return render(request, "courses/mine.html", context)


@require_safe
def course(request: HttpRequest, code: str) -> HttpResponse:
    """The course's page in the reader's language: one address for lists, mails and other packages."""
    return redirect(_found(page_of_course(get_object_or_404(Course, code=code))).url)


@require_safe
def lesson(request: HttpRequest, code: str) -> HttpResponse:
    """The lesson's page in the reader's language."""
    return redirect(_found(page_of_lesson(get_object_or_404(Lesson, code=code))).url)


@login_required
@require_safe
def resume(request: HttpRequest, code: str) -> HttpResponse:
    """Where the learner was in this course."""
    place = _place(request, get_object_or_404(Course, code=code))
    ahead = progress_of([place])[place.pk].next_lesson
    return redirect(ahead or place.course)


@login_required
@require_POST
def enrol(request: HttpRequest, code: str) -> HttpResponse:
    chosen = get_object_or_404(Course, code=code)
    enrol_learner(request.user, chosen)
    messages.success(request, _("You are enrolled in “%(course)s”.") % {"course": chosen.name})
    return redirect("courses:resume", code=chosen.code)


@login_required
@require_POST
def leave(request: HttpRequest, code: str) -> HttpResponse:
    place = _place(request, get_object_or_404(Course, code=code))
    leave_course(place)
    messages.success(request, _("You have left “%(course)s”. Your progress is kept.") % {"course": place.course.name})
    return redirect(place.course)


@login_required
@require_POST
def read(request: HttpRequest, code: str) -> HttpResponse:
    """The learner has read the lesson; on to the next one when it is done."""
    language = asked_language(request)
    chosen = get_object_or_404(Lesson.objects.select_related("course"), code=code)
    place = _place(request, chosen.course)
    completion = mark_read(place, chosen, language=language)
    place.refresh_from_db()
    if place.status == Enrolment.Status.COMPLETED:
        messages.success(request, _("You have finished “%(course)s”.") % {"course": chosen.course.name})
        return redirect(_found(page_of_course(chosen.course, language)).url)
    if completion.completed_at is None:
        messages.info(request, _("Marked as read. Answer the practice questions to finish this lesson."))
        return redirect(f"{_found(page_of_lesson(chosen, language)).url}#practice")
    messages.success(request, _("Lesson finished."))
    ahead = progress_of([place])[place.pk].next_lesson
    return redirect(_found(page_of_lesson(ahead, language)).url if ahead else chosen.course)


def _found(page: Any) -> Any:
    if page is None:
        raise Http404
    return page


def _place(request: HttpRequest, chosen: Course) -> Enrolment:
    place = enrolment_of(request.user, chosen)
    if place is None:
        raise NotEnrolled
    return place
