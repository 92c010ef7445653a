from exams.models.attempts import Attempt, Response, Result
from exams.models.blueprints import Blueprint, BlueprintCell, BlueprintLine, Exam, Paper, PaperItem, PaperRendering
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
from exams.models.reviews import ItemReview
from exams.models.sittings import Accommodation, CohortSitting, Registration, Sitting, SittingStaff

__all__ = [
    "Accommodation",
    "Attempt",
    "Blueprint",
    "BlueprintCell",
    "BlueprintLine",
    "CohortSitting",
    "Exam",
    "GapReport",
    "Item",
    "ItemBank",
    "ItemEstimate",
    "ItemReview",
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
    "Response",
    "Result",
    "Sitting",
    "SittingStaff",
    "SpareSwap",
    "Stimulus",
    "StimulusWording",
]
