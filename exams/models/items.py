from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.codes import opaque_id
from exams.models import states
from partners.models import Partner
from standards.models import Competence, Edition


class ItemBankQuerySet(models.QuerySet["ItemBank"]):
    def visible_to(self, user: object) -> ItemBankQuerySet:
        """The body's banks, to those who write, review or administer items; nobody else sees a bank exist."""
        from accounts.models import Role

        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.has_role(Role.ITEM_WRITER, Role.ITEM_REVIEWER, Role.ADMINISTRATOR):  # type: ignore[attr-defined]
            return self.filter(partner=None)
        return self.none()


class ItemBank(models.Model):
    """The secured collection of items of one programme, owned by the body (no partner) or by a partner."""

    code = models.SlugField(_("code"), unique=True, max_length=40)
    name = models.CharField(_("name"), max_length=160)
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="item_banks")
    # When a version rests, for how long, and when it is used up, by candidates who have seen it; empty: never.
    rest_after = models.PositiveIntegerField(_("rest after so many candidates"), null=True, blank=True)
    rest_days = models.PositiveIntegerField(_("days of rest"), null=True, blank=True)
    retire_after = models.PositiveIntegerField(_("retire after so many candidates"), null=True, blank=True)

    objects = ItemBankQuerySet.as_manager()

    class Meta:
        verbose_name = _("item bank")
        verbose_name_plural = _("item banks")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(rest_after__isnull=True, rest_days__isnull=True)
                | Q(rest_after__isnull=False, rest_days__isnull=False, rest_after__gte=1, rest_days__gte=1),
                name="rest_rule_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(retire_after__isnull=True) | Q(retire_after__gte=1), name="retire_rule_counts_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class CognitiveLevel(models.TextChoices):
    REMEMBER = "remember", _("remember")
    UNDERSTAND = "understand", _("understand")
    APPLY = "apply", _("apply")
    ANALYSE = "analyse", _("analyse")
    EVALUATE = "evaluate", _("evaluate")
    CREATE = "create", _("create")


class ItemQuerySet(models.QuerySet["Item"]):
    def visible_to(self, user: object) -> ItemQuerySet:
        return self.filter(bank__in=ItemBank.objects.visible_to(user))


class Item(models.Model):
    """One task put to a candidate. What it says and how it scores is in its versions."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    bank = models.ForeignKey(ItemBank, models.PROTECT, related_name="items", verbose_name=_("bank"))
    code = models.CharField(_("code"), max_length=40)
    # A key of exams.item_types.REGISTRY.
    type = models.CharField(_("type"), max_length=30)
    competence = models.ForeignKey(Competence, models.PROTECT, related_name="items", verbose_name=_("competence"))
    edition = models.ForeignKey(
        Edition, models.PROTECT, null=True, blank=True, related_name="items", verbose_name=_("edition of a standard")
    )
    # Said by the writer: the item rests on no standard. Before approval one of the two is said.
    no_edition = models.BooleanField(_("rests on no standard"), default=False)
    # By then somebody looks whether it still holds; needed before approval, moved on when it was looked at.
    review_by = models.DateField(_("review by"), null=True, blank=True, db_index=True)
    content_area = models.PositiveSmallIntegerField(_("content area"), default=1)
    cognitive_level = models.CharField(_("cognitive level"), max_length=20, choices=CognitiveLevel)
    # Items that give each other away, or ask the same thing twice, must not share a paper.
    enemies = models.ManyToManyField("self", symmetrical=True, blank=True, verbose_name=_("items not on the same paper"))
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")
        ordering = ["bank", "code"]
        constraints = [
            models.UniqueConstraint(fields=["bank", "code"], name="item_code_once_per_bank"),
            models.CheckConstraint(
                condition=Q(edition__isnull=True) | Q(no_edition=False), name="edition_named_or_none_applies"
            ),
        ]
        # The orders of the list (queries.item_list).
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="items_newest_first"),
            models.Index(fields=["content_area", "code", "id"], name="items_by_area"),
            models.Index(fields=["type", "code", "id"], name="items_by_type"),
            models.Index(fields=["cognitive_level", "code", "id"], name="items_by_level"),
        ]

    def __str__(self) -> str:
        return self.code


class StimulusQuerySet(models.QuerySet["Stimulus"]):
    def visible_to(self, user: object) -> StimulusQuerySet:
        return self.filter(bank__in=ItemBank.objects.visible_to(user))


class Stimulus(models.Model):
    """A text, table or picture that several items are about: a case. Its items stay together on a paper, in order.

    Its words never change once an item about it is live (triggers): a correction is another stimulus."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    bank = models.ForeignKey(ItemBank, models.PROTECT, related_name="stimuli", verbose_name=_("bank"))
    code = models.CharField(_("code"), max_length=40)
    # A paper that has the case has so many of its items; empty: all of them.
    items_on_paper = models.PositiveSmallIntegerField(_("items on a paper"), null=True, blank=True)

    objects = StimulusQuerySet.as_manager()

    class Meta:
        verbose_name = _("stimulus")
        verbose_name_plural = _("stimuli")
        ordering = ["bank", "code"]
        constraints = [models.UniqueConstraint(fields=["bank", "code"], name="stimulus_code_once_per_bank")]

    def __str__(self) -> str:
        return self.code


class StimulusWording(models.Model):
    """What a stimulus says in one language; HTML through the same allow-list as a stem."""

    stimulus = models.ForeignKey(Stimulus, models.CASCADE, related_name="wordings")
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    text = models.TextField(_("text"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stimulus", "language"], name="one_stimulus_wording_per_language")]

    def __str__(self) -> str:
        return f"{self.stimulus} {self.language}"


class ItemVersion(models.Model):
    """The wording and key of an item (exams.models.states: what it goes through). From approval on it never changes
    (triggers); a correction is a new version."""

    Status = states.VersionStatus
    MOVES, IN_REVIEW, IN_WORK = states.MOVES, states.IN_REVIEW, states.IN_WORK
    USABLE, LIVE, FROZEN = states.USABLE, states.LIVE, states.FROZEN

    class ScoringRule(models.TextChoices):
        ALL_OR_NOTHING = "all_or_nothing", _("all or nothing")
        PARTIAL_CREDIT = "partial_credit", _("right picks minus wrong picks, never below zero")
        PER_PART = "per_part", _("each right part earns its share")
        PENALTY = "penalty", _("a wrong answer costs a share")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"), default=1)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.DRAFT)
    scoring_rule = models.CharField(_("scoring rule"), max_length=30, choices=ScoringRule, default=ScoringRule.ALL_OR_NOTHING)
    points = models.PositiveSmallIntegerField(_("points"), default=1)
    # The key of types without options: {"value": "0.04", "tolerance": "0.005"} or {"accepted": {"en": [...]}}.
    key = models.JSONField(_("key"), default=dict, blank=True)
    # What candidates see that is neither words nor key: {"picture": uuid, "alt": {"en": …}}, {"words": [200, 400]},
    # {"accepts": [".pdf"], "most_bytes": 10000000}.
    presentation = models.JSONField(_("presentation"), default=dict, blank=True)
    stimulus = models.ForeignKey(
        Stimulus, models.PROTECT, null=True, blank=True, related_name="versions", verbose_name=_("stimulus")
    )
    keep_option_order = models.BooleanField(_("keep the options' order"), default=False)
    # The language it was written in first, and the digest of its words: the others are translations (models.quality).
    source_language = models.CharField(_("written first in"), max_length=10, choices=settings.LANGUAGES, default="en")
    source_digest = models.CharField(max_length=64, blank=True, default="")
    minutes = models.DecimalField(_("expected minutes"), max_digits=4, decimal_places=1, default=1)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("written by")
    )
    subject_reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("subject reviewed by")
    )
    subject_reviewed_at = models.DateTimeField(null=True, blank=True)
    # Who found the language right, and by that made the version live.
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    # While it rests: until when, empty for until somebody ends it. And when its last rest ended.
    rests_until = models.DateTimeField(_("rests until"), null=True, blank=True)
    rested_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("item version")
        verbose_name_plural = _("item versions")
        ordering = ["item", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="item_version_number_once"),
            models.UniqueConstraint(fields=["item"], name="one_live_version_per_item", condition=Q(status__in=states.LIVE)),
            models.UniqueConstraint(
                fields=["item"], name="one_version_in_work_per_item", condition=Q(status__in=states.IN_WORK)
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("written_by")), name="author_does_not_approve"
            ),
            models.CheckConstraint(
                condition=Q(subject_reviewed_by__isnull=True) | ~Q(subject_reviewed_by=F("written_by")),
                name="author_does_not_review",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "subject_review"])
                | Q(subject_reviewed_by__isnull=False, subject_reviewed_at__isnull=False),
                name="reviewed_version_names_its_reviewer",
            ),
            models.CheckConstraint(
                condition=Q(status__in=states.IN_WORK) | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="approved_version_names_its_approver",
            ),
            models.CheckConstraint(condition=Q(status__in=states.VersionStatus.values), name="item_version_status_known"),
            models.CheckConstraint(
                condition=Q(status="resting") | Q(rests_until__isnull=True), name="only_a_resting_version_rests"
            ),
        ]
        indexes = [models.Index(fields=["status", "item", "number"], name="versions_by_status")]

    def __str__(self) -> str:
        return f"{self.item} v{self.number}"


class ItemWording(models.Model):
    """What a version says in one language. HTML cleaned by one allow-list on the way in and out."""

    version = models.ForeignKey(ItemVersion, models.CASCADE, related_name="wordings")
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    stem = models.TextField(_("stem"))
    rationale = models.TextField(_("rationale"), blank=True)
    reference = models.CharField(_("reference"), max_length=300, blank=True)
    unit = models.CharField(_("unit"), max_length=30, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "language"], name="one_wording_per_language")]

    def __str__(self) -> str:
        return f"{self.version} {self.language}"


class Option(models.Model):
    """One choice of a version. Its `token` is what a browser sees: random, carrying no order and no key."""

    version = models.ForeignKey(ItemVersion, models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField()
    token = models.CharField(max_length=8, default=opaque_id)
    is_key = models.BooleanField(_("key"), default=False)
    # Matching: "left" or "right"; cloze: the gap it belongs to; otherwise empty.
    group = models.CharField(max_length=40, blank=True, default="")
    # Matching: a left and the right that answers it carry the same number; a right without one is a distractor.
    pair = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="option_position_once"),
            models.UniqueConstraint(fields=["version", "token"], name="option_token_once"),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.position}"


class OptionWording(models.Model):
    """What an option says in one language."""

    option = models.ForeignKey(Option, models.CASCADE, related_name="wordings")
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["option", "language"], name="one_option_wording_per_language")]

    def __str__(self) -> str:
        return self.text[:40]
