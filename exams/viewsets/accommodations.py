"""What people are entitled to, as administrators grant it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Role
from exams.actions.accommodations import end_accommodation, grant_accommodation
from exams.effects import effects_of
from exams.forms.accommodations import AccommodationForm
from exams.forms.administration import EndForm
from exams.models import Accommodation
from exams.queries.administration import accommodations_matching
from exams.rules.deadlines import together
from exams.viewsets.base import RoleViewSet, done, for_roles, page_of, show

ADMINISTRATORS = (Role.ADMINISTRATOR,)
ACCOMMODATIONS = gettext_lazy("Accommodations")


@for_roles(*ADMINISTRATORS)
@require_GET
def accommodations(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:80]
    page = page_of(request, accommodations_matching(words))
    rows = [(each, effects_of(together([each]))) for each in page["page_obj"]]
    today = timezone.localdate()
    return show(
        request, "accommodations.html", title=str(ACCOMMODATIONS), icon="time", words=words, today=today, rows=rows, **page
    )


@for_roles(*ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def grant(request: HttpRequest) -> HttpResponse:
    form = AccommodationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        candidate = said.pop("email")
        granted = done(
            request, lambda: grant_accommodation(candidate, by=request.user, **said), _("The accommodation was granted.")
        )
        if granted:
            return redirect("accommodations:index")
    crumbs = [(str(ACCOMMODATIONS), reverse("accommodations:index"))]
    return show(request, "form.html", title=_("New accommodation"), crumbs=crumbs, icon="plus", form=form, submit=_("Grant"))


@for_roles(*ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    accommodation = get_object_or_404(Accommodation.objects.select_related("candidate"), pk=pk)
    form = EndForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        ended = done(
            request,
            lambda: end_accommodation(accommodation, on=form.cleaned_data["on"], by=request.user),
            _("The accommodation ends on that day."),
        )
        if ended:
            return redirect("accommodations:index")
    crumbs = [(str(ACCOMMODATIONS), reverse("accommodations:index"))]
    title = _("End the accommodation of %(person)s") % {"person": accommodation.candidate}
    return show(request, "form.html", title=title, crumbs=crumbs, icon="time", form=form, submit=_("End it"))


class AccommodationViewSet(RoleViewSet):
    name = "accommodations"
    menu_label = ACCOMMODATIONS
    menu_name = "accommodations"
    icon = "time"
    roles = ADMINISTRATORS
    patterns = (
        path("", accommodations, name="index"),
        path("new/", grant, name="add"),
        path("<int:pk>/end/", end, name="end"),
    )
