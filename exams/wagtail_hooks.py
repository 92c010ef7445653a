"""Exams in the back office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup

from exams.viewsets.accommodations import AccommodationViewSet
from exams.viewsets.appeals import ResultAppealViewSet
from exams.viewsets.banks import ItemBanksViewSet
from exams.viewsets.board_records import BoardRecordViewSet
from exams.viewsets.cut_studies import CutStudyViewSet
from exams.viewsets.interchange import InterchangeViewSet
from exams.viewsets.invigilation import InvigilationViewSet
from exams.viewsets.items import ItemBankViewSet
from exams.viewsets.late import LateAnswersViewSet
from exams.viewsets.marking import MarkingViewSet
from exams.viewsets.marking_office import MarkingOfficeViewSet
from exams.viewsets.on_paper import OnPaperViewSet
from exams.viewsets.overlaps import OverlapGroupViewSet
from exams.viewsets.paper_sets import PaperSetViewSet
from exams.viewsets.papers import BlueprintViewSet, PaperViewSet
from exams.viewsets.pictures import PictureViewSet
from exams.viewsets.quality import QualityViewSet
from exams.viewsets.remarks import RemarkViewSet
from exams.viewsets.reports import TechnicalReportViewSet
from exams.viewsets.retakes import RetakeViewSet
from exams.viewsets.sittings import SittingViewSet
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
        QualityViewSet,
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
        OnPaperViewSet,
        InvigilationViewSet,
        RetakeViewSet,
        LateAnswersViewSet,
        AccommodationViewSet,
        MarkingViewSet,
        MarkingOfficeViewSet,
        BoardRecordViewSet,
        RemarkViewSet,
        ResultAppealViewSet,
        TechnicalReportViewSet,
    )


@hooks.register("register_admin_viewset")
def register_exams() -> list[ViewSetGroup]:
    return [BankGroup(), ExaminationGroup()]
