from exams.models.appeals import ResultAppeal
from exams.models.attempts import Attempt, Response, Result, Upload
from exams.models.blueprints import Blueprint, BlueprintCell, BlueprintLine, Exam, Paper, PaperItem, PaperRendering
from exams.models.board_records import BoardEntry, BoardRecord
from exams.models.cut_studies import CutDecision, CutJudge, CutRating, CutStudy
from exams.models.interchange import ImportBatch
from exams.models.items import (
    Item,
    ItemBank,
    ItemVersion,
    ItemWording,
    Option,
    OptionWording,
    Picture,
    Stimulus,
    StimulusWording,
)
from exams.models.paper_sets import GapReport, ItemEstimate, PaperSet, SpareSwap
from exams.models.remarks import Remark, ResultChange
from exams.models.reviews import ItemReview
from exams.models.sittings import Accommodation, CohortSitting, Registration, Sitting, SittingStaff
from exams.models.statistics import ItemStatistics, ReportDocument, TechnicalReport

__all__ = [
    "Accommodation",
    "Attempt",
    "Blueprint",
    "BlueprintCell",
    "BlueprintLine",
    "BoardEntry",
    "BoardRecord",
    "CohortSitting",
    "CutDecision",
    "CutJudge",
    "CutRating",
    "CutStudy",
    "Exam",
    "GapReport",
    "ImportBatch",
    "Item",
    "ItemBank",
    "ItemEstimate",
    "ItemReview",
    "ItemStatistics",
    "ItemVersion",
    "ItemWording",
    "Option",
    "OptionWording",
    "Paper",
    "PaperItem",
    "PaperRendering",
    "PaperSet",
    "Picture",
    "Registration",
    "Remark",
    "ReportDocument",
    "Response",
    "Result",
    "ResultAppeal",
    "ResultChange",
    "Sitting",
    "SittingStaff",
    "SpareSwap",
    "Stimulus",
    "StimulusWording",
    "TechnicalReport",
    "Upload",
]
