from exams.models.answer_sheets import AnswerSheet, KeyIn, PrintedPaper
from exams.models.appeals import ResultAppeal
from exams.models.attempts import Attempt, Response, Result, Upload
from exams.models.blueprints import Blueprint, BlueprintCell, BlueprintLine, Exam, Paper, PaperItem, PaperRendering
from exams.models.board_records import BoardEntry, BoardRecord
from exams.models.cut_studies import CutDecision, CutJudge, CutRating, CutStudy
from exams.models.interchange import ImportBatch
from exams.models.items import Item, ItemBank, ItemVersion, ItemWording, Option, OptionWording, Stimulus, StimulusWording
from exams.models.marking import Mark, MarkingTask
from exams.models.overlaps import OverlapGroup
from exams.models.paper_sets import GapReport, ItemEstimate, PaperSet, SpareSwap
from exams.models.pictures import Picture
from exams.models.quality import FlawWaiver, ItemFlaw, ItemIndex, SimilarityBand, Translation
from exams.models.remarks import Remark, ResultChange
from exams.models.retakes import RetakeException
from exams.models.reviews import ItemComment, ItemReview
from exams.models.room import AttemptSection, DeviceCheck, LateBundle, LateDecision, PositionTools, SectionRule
from exams.models.sittings import Accommodation, CohortSitting, Registration, Sitting, SittingStaff
from exams.models.statistics import ItemStatistics, ReportDocument, TechnicalReport
from exams.models.timing import AddedTime, AttemptBreak, TimeGrant

__all__ = [
    "Accommodation",
    "AddedTime",
    "AnswerSheet",
    "Attempt",
    "AttemptBreak",
    "AttemptSection",
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
    "DeviceCheck",
    "Exam",
    "FlawWaiver",
    "GapReport",
    "ImportBatch",
    "Item",
    "ItemBank",
    "ItemComment",
    "ItemEstimate",
    "ItemFlaw",
    "ItemIndex",
    "ItemReview",
    "ItemStatistics",
    "ItemVersion",
    "ItemWording",
    "KeyIn",
    "LateBundle",
    "LateDecision",
    "Mark",
    "MarkingTask",
    "Option",
    "OptionWording",
    "OverlapGroup",
    "Paper",
    "PaperItem",
    "PaperRendering",
    "PaperSet",
    "Picture",
    "PositionTools",
    "PrintedPaper",
    "Registration",
    "Remark",
    "ReportDocument",
    "Response",
    "Result",
    "ResultAppeal",
    "ResultChange",
    "RetakeException",
    "SectionRule",
    "SimilarityBand",
    "Sitting",
    "SittingStaff",
    "SpareSwap",
    "Stimulus",
    "StimulusWording",
    "TechnicalReport",
    "TimeGrant",
    "Translation",
    "Upload",
]
