"""The audit trail in the back office, read-only, for auditors and administrators."""

from __future__ import annotations

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.reports import ReportView

from accounts.models import AuditEntry
from accounts.rules import can_read_audit_trail


class AuditFilterSet(WagtailFilterSet):
    at = django_filters.DateFromToRangeFilter(label=_("When"), widget=DateRangePickerWidget)
    act = django_filters.AllValuesFilter(label=_("Act"))
    thing = django_filters.AllValuesFilter(label=_("Thing"))
    thing_id = django_filters.CharFilter(label=_("Number of the thing"))
    actor_name = django_filters.CharFilter(label=_("Who"), lookup_expr="icontains")

    class Meta:
        model = AuditEntry
        fields = ("at", "act", "thing", "thing_id", "actor_name")


class AuditTrailView(ReportView):
    page_title = _("Audit trail")
    header_icon = "history"
    template_name = "wagtailadmin/reports/base_report.html"
    results_template_name = "accounts/admin/audit_results.html"
    index_url_name = "audit_trail"
    index_results_url_name = "audit_trail_results"
    filterset_class = AuditFilterSet
    list_export = ("sequence", "at", "actor_name", "act", "thing", "thing_id", "summary", "digest")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not can_read_audit_trail(request.user):  # type: ignore[arg-type]
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        return AuditEntry.objects.order_by("-sequence")


@hooks.register("register_admin_urls")
def audit_urls() -> list[Any]:
    return [
        path("audit-trail/", AuditTrailView.as_view(), name="audit_trail"),
        path("audit-trail/results/", AuditTrailView.as_view(results_only=True), name="audit_trail_results"),
    ]


class AuditMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return can_read_audit_trail(request.user)  # type: ignore[arg-type]


@hooks.register("register_reports_menu_item")
def audit_menu_item() -> MenuItem:
    return AuditMenuItem(_("Audit trail"), reverse("audit_trail"), name="audit-trail", icon_name="history", order=100)
