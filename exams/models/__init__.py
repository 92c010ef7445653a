from exams.models.attempts import Attempt, Response, Result
from exams.models.blueprints import Blueprint, BlueprintLine, Exam, Paper, PaperItem, PaperRendering
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
from exams.models.reviews import ItemReview
from exams.models.sittings import Accommodation, CohortSitting, Registration, Sitting, SittingStaff

__all__ = [
    "Accommodation",
    "Attempt",
    "Blueprint",
    "BlueprintLine",
    "CohortSitting",
    "Exam",
    "ImportBatch",
    "Item",
    "ItemBank",
    "ItemReview",
    "ItemVersion",
    "ItemWording",
    "Option",
    "OptionWording",
    "Paper",
    "PaperItem",
    "PaperRendering",
    "Picture",
    "Registration",
    "Response",
    "Result",
    "Sitting",
    "SittingStaff",
    "Stimulus",
    "StimulusWording",
]
