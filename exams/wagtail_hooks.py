"""Exams in the back office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup

from exams.viewsets.banks import ItemBanksViewSet
from exams.viewsets.cut_studies import CutStudyViewSet
from exams.viewsets.interchange import InterchangeViewSet
from exams.viewsets.items import ItemBankViewSet
from exams.viewsets.overlaps import OverlapGroupViewSet
from exams.viewsets.paper_sets import PaperSetViewSet
from exams.viewsets.papers import BlueprintViewSet, PaperViewSet
from exams.viewsets.pictures import PictureViewSet
from exams.viewsets.reports import TechnicalReportViewSet
from exams.viewsets.sittings import AccommodationViewSet, SittingViewSet
from exams.viewsets.stimuli import StimulusViewSet
from exams.viewsets.versions import ItemVersionViewSet


class BankGroup(ViewSetGroup):  # type: ignore[misc]
    menu_label = _("Item bank")
    menu_name = "item-bank"
    menu_icon = "help"
    menu_order = 210
    items = (
        ItemBankViewSet,
        ItemVersionViewSet,
        StimulusViewSet,
        PictureViewSet,
        OverlapGroupViewSet,
        InterchangeViewSet,
        ItemBanksViewSet,
    )


class ExaminationGroup(ViewSetGroup):  # type: ignore[misc]
    menu_label = _("Examinations")
    menu_name = "examinations"
    menu_icon = "clipboard-list"
    menu_order = 220
    items = (
        BlueprintViewSet,
        PaperSetViewSet,
        PaperViewSet,
        CutStudyViewSet,
        SittingViewSet,
        AccommodationViewSet,
        TechnicalReportViewSet,
    )


@hooks.register("register_admin_viewset")
def register_exams() -> list[ViewSetGroup]:
    return [BankGroup(), ExaminationGroup()]
