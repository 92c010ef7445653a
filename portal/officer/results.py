"""Results that wait for release."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from certificates.rules import is_officer
from exams.actions.scoring import release_result
from exams.models import Result
from portal.officer.access import asked, at_the_desk, page_of
from portal.officer.queries import held_results, sittings_with_held_results


class ReleaseForm(forms.Form):
    """The ticked rows; anything that is not a held result is refused."""

    result = forms.ModelMultipleChoiceField(queryset=Result.objects.none(), to_field_name="uuid")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelMultipleChoiceField, self.fields["result"]).queryset = held_results()


@at_the_desk
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    filters = asked(request, "sitting", "search")
    context = {
        "tab": "results",
        "may_act": is_officer(request.user),
        "page_obj": page_of(request, held_results(**filters)),
        "filters": filters,
        "sittings": sittings_with_held_results(),
    }
    return render(request, "portal/officer/results.html", context)


@at_the_desk
@require_POST
def release(request: HttpRequest) -> HttpResponse:
    """Release those that were ticked; what somebody else released meanwhile stays as it is."""
    form = ReleaseForm(request.POST)
    ticked = form.cleaned_data["result"] if form.is_valid() else Result.objects.none()
    released = [release_result(result, by=request.user) for result in ticked]
    count = len(released)
    messages.success(
        request, ngettext("%(count)s result is released.", "%(count)s results are released.", count) % {"count": count}
    )
    return redirect("portal:officer_results")
