"""The marking desk: an examiner's own pile, one answer after the other, by a rubric.

Nothing here says whose answer it is: an answer is a script number, a file is named by it, and neither page nor header has
a name, an address, a partner, a sitting or an attempt.
"""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Role
from exams.actions.marking import hand_in_mark, open_answer_file, save_draft
from exams.errors import MayNotMark
from exams.forms.marking import MarkForm
from exams.item_types import key_of
from exams.marks.rubrics import rubric_of
from exams.models import ItemVersion, Mark
from exams.queries.marking import answer_to, desk_of, desk_progress, next_mark, upload_of, version_of_desk
from exams.rendering import render_document
from exams.rules.marking import can_mark
from exams.viewsets.base import RoleViewSet, done, for_roles, page_of, show

EXAMINERS = (Role.EXAMINER,)
DESK = gettext_lazy("Marking desk")
FILE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def _mark(request: HttpRequest, script: str) -> Mark:
    """This examiner's own mark of that script; 404 for everybody else's, as for one that does not exist."""
    marks = desk_of(request.user).select_related("task__attempt__registration")  # type: ignore[arg-type]
    mark = get_object_or_404(marks, task__script=script)
    if not can_mark(request.user, mark.task):  # type: ignore[arg-type]
        raise MayNotMark
    return mark


@for_roles(*EXAMINERS)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    page = page_of(request, desk_of(user))
    progress = desk_progress(user)
    first = desk_of(user).filter(marked_at=None).first()
    return show(
        request,
        "marking_desk.html",
        title=str(DESK),
        icon="edit",
        progress=progress,
        done=sum(row["done"] for row in progress),
        next=first.task.script if first else "",
        **page,
    )


@for_roles(*EXAMINERS)
@require_http_methods(["GET", "POST"])
def script(request: HttpRequest, script: str) -> HttpResponse:
    """One answer beside its rubric: keep a draft, or hand in for good and go on to the next."""
    mark = _mark(request, script)
    version = version_of_desk(mark)
    hands_in = "hand_in" in request.POST
    form = MarkForm(request.POST or None, rubric=rubric_of(key_of(version)), mark=mark, complete=hands_in)
    if request.method == "POST" and form.is_valid():
        act, said = (hand_in_mark, _("Handed in: script %(script)s.")) if hands_in else (save_draft, _("The draft was saved."))
        if done(
            request,
            lambda: act(mark, points=form.points(), comment=form.cleaned_data["comment"], by=request.user),  # type: ignore[arg-type]
            said % {"script": script},
        ):
            return _go_on(request, mark) if hands_in else redirect("marking:script", script=script)
    return show(
        request,
        "marking_script.html",
        title=_("Script %(script)s") % {"script": script},
        crumbs=[(str(DESK), reverse("marking:index"))],
        icon="edit",
        script=script,
        item=version.item.code,
        points=version.points,
        handed_in=mark.marked_at,
        total=mark.total,
        question=_question(version, mark.task.attempt.language),
        answer=answer_to(mark.task),
        form=form,
        left=desk_of(request.user).filter(marked_at=None).count(),  # type: ignore[arg-type]
    )


def _go_on(request: HttpRequest, mark: Mark) -> HttpResponse:
    following = next_mark(request.user, mark)  # type: ignore[arg-type]
    return redirect("marking:script", script=following.task.script) if following else redirect("marking:index")


def _question(version: ItemVersion, language: str) -> dict[str, Any]:
    """What the candidate was asked, in the candidate's words, by the serialiser that has no key field."""
    document, _pictures = render_document(language, [("", [(1, version)])])
    position = document["sections"][0]["positions"][0]
    stimulus = document.get("stimuli", {}).get(position.get("stimulus", ""), "")
    # Both went through the allow-list in the serialiser.
    return {
        "stem": mark_safe(position["stem"]),
        "stimulus": mark_safe(stimulus),
        "language": language,
        "words": position.get("words"),
    }


@for_roles(*EXAMINERS)
@require_GET
def file(request: HttpRequest, script: str) -> HttpResponse:
    """The file handed in, under the script's number. Each opening is in the audit trail."""
    mark = _mark(request, script)
    upload = upload_of(mark.task)
    if upload is None or not upload.file.storage.exists(str(upload.file.name)):
        raise Http404
    open_answer_file(mark, by=request.user)  # type: ignore[arg-type]
    name = f"script-{script}{answer_to(mark.task).ending}"
    answer: Any = FileResponse(
        upload.file.open("rb"), as_attachment=True, filename=name, content_type=upload.media_type, headers=FILE_HEADERS
    )
    return answer  # type: ignore[no-any-return]


class MarkingViewSet(RoleViewSet):
    name = "marking"
    menu_label = DESK
    menu_name = "marking-desk"
    icon = "edit"
    roles = EXAMINERS
    patterns = (
        path("", index, name="index"),
        path("<str:script>/", script, name="script"),
        path("<str:script>/file/", file, name="file"),
    )
