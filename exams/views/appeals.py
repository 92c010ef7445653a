"""A candidate's appeal against a result: made, followed, taken back."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from exams.actions.appeals import open_appeal, withdraw_appeal
from exams.clock import server_now
from exams.models import Result, ResultAppeal
from exams.queries.appeals import appeals_of, has_been_appealed
from exams.rules.results import appeal_until
from exams.views.candidates import PersonRequest


class AppealForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("What is wrong with the result?"),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=4000,
        help_text=gettext_lazy("Say what happened or what you believe was marked wrongly. Please do not write out questions."),
    )


@login_required
@require_http_methods(["GET", "POST"])
def appeal(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """Everything about appeals against this result: until when, what was appealed, what was answered, and the form."""
    results = Result.objects.visible_to(request.user).select_related("attempt__registration__sitting__exam")
    result = get_object_or_404(results, uuid=uuid)
    form = AppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        open_appeal(result, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("We have received your appeal."))
        return redirect("exams:appeal", uuid=result.uuid)
    until, now = appeal_until(result), server_now()
    return render(
        request,
        "exams/appeal.html",
        {
            "result": result,
            "form": form,
            "appeals": appeals_of(result),
            "until": until,
            "may_appeal": until is not None and now <= until and not has_been_appealed(result),
            "is_late": until is not None and now > until,
        },
    )


@login_required
@require_POST
def withdraw(request: PersonRequest, uuid: UUID) -> HttpResponse:
    found = get_object_or_404(ResultAppeal.objects.filter(appellant=request.user).select_related("result"), uuid=uuid)
    withdraw_appeal(found, by=request.user)
    messages.success(request, _("You have taken your appeal back."))
    return redirect("exams:appeal", uuid=found.result.uuid)
