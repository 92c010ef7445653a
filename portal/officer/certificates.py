"""Certificates: found, read with their history, suspended, reinstated, withdrawn, corrected."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from certificates.actions import standing
from certificates.forms import CorrectionForm, ReasonForm
from certificates.models import Certificate
from certificates.queries import answer_for, certificates_for_desk
from certificates.rules import can_change_status
from portal.officer.access import asked, at_the_desk, page_of, recently_authenticated

VERBS = {
    "suspend": (standing.suspend_certificate, gettext_lazy("Suspend"), gettext_lazy("The certificate is suspended.")),
    "reinstate": (standing.reinstate_certificate, gettext_lazy("Reinstate"), gettext_lazy("The certificate is valid again.")),
    "withdraw": (
        standing.withdraw_certificate,
        gettext_lazy("Withdraw for good"),
        gettext_lazy("The certificate is withdrawn."),
    ),
}


@at_the_desk
@require_safe
def certificates(request: HttpRequest) -> HttpResponse:
    filters = asked(request, "status", "search", "sort")
    page = page_of(request, certificates_for_desk(request.user, **filters))
    context = {
        "tab": "certificates",
        "page_obj": page,
        "answers": [answer_for(each) for each in page],
        "filters": filters,
        "statuses": Certificate.Status.choices,
    }
    return render(request, "portal/officer/certificates.html", context)


@at_the_desk
@require_safe
def certificate(request: HttpRequest, uuid: object) -> HttpResponse:
    found = _found(request, uuid)
    may_change = can_change_status(request.user, found)
    moves = Certificate.MOVES.get(found.status, set()) if may_change else set()
    context = {
        "tab": "certificates",
        "answer": answer_for(found),
        "changes": found.status_changes.select_related("changed_by"),
        "may_suspend": Certificate.Status.SUSPENDED in moves,
        "may_reinstate": found.status == Certificate.Status.SUSPENDED and Certificate.Status.VALID in moves,
        "may_withdraw": Certificate.Status.WITHDRAWN in moves,
        "may_correct": Certificate.Status.SUPERSEDED in moves,
    }
    return render(request, "portal/officer/certificate.html", context)


@at_the_desk
@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated
def move(request: HttpRequest, uuid: object, verb: str) -> HttpResponse:
    """One page per move: what it does, why, and the button."""
    found = _found(request, uuid)
    act, label, done = VERBS[verb]
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act(found, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, done)
        return redirect("portal:officer_certificate", uuid=found.uuid)
    context = {"tab": "certificates", "certificate": found, "verb": verb, "label": label, "form": form}
    return render(request, "portal/officer/move.html", context)


@at_the_desk
@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated
def correct(request: HttpRequest, uuid: object) -> HttpResponse:
    """Issue a corrected certificate in place of this one."""
    found = _found(request, uuid)
    form = CorrectionForm(request.POST or None, certificate=found)
    if request.method == "POST" and form.is_valid():
        corrected = standing.supersede_certificate(found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The corrected certificate is issued; the old one says that it was replaced."))
        return redirect("portal:officer_certificate", uuid=corrected.uuid)
    context = {
        "tab": "certificates",
        "certificate": found,
        "verb": "correct",
        "label": _("Issue the corrected certificate"),
        "form": form,
    }
    return render(request, "portal/officer/move.html", context)


def _found(request: HttpRequest, uuid: object) -> Certificate:
    return get_object_or_404(
        Certificate.objects.visible_to(request.user).select_related(
            "holder", "partner", "cohort", "document", "scheme", "template", "supersedes", "superseded_by",
            "decision__application", "decision__decided_by",
        ),
        uuid=uuid,
    )  # fmt: skip
