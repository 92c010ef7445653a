from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.codes import opaque_id
from common.storage import private_storage
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

    objects = ItemBankQuerySet.as_manager()

    class Meta:
        verbose_name = _("item bank")
        verbose_name_plural = _("item banks")
        ordering = ["code"]

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
        constraints = [models.UniqueConstraint(fields=["bank", "code"], name="item_code_once_per_bank")]

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


class PictureQuerySet(models.QuerySet["Picture"]):
    def of_banks_of(self, user: object) -> PictureQuerySet:
        return self.filter(bank__in=ItemBank.objects.visible_to(user))

    def visible_to(self, user: object) -> PictureQuerySet:
        """To people of its bank, to a candidate while an attempt at a paper that shows it is open or paused, and to those
        who mark an answer to that paper."""
        from accounts.models import Role

        if not getattr(user, "is_authenticated", False):
            return self.none()
        sitting = Q(papers__attempts__registration__candidate=user) & (
            Q(papers__attempts__status="open", papers__attempts__accept_until__gte=timezone.now())
            | Q(papers__attempts__status="paused")
        )
        seen = Q(bank__in=ItemBank.objects.visible_to(user)) | sitting
        if user.has_role(Role.EXAMINER):  # type: ignore[attr-defined]
            seen |= Q(papers__attempts__marking_tasks__marks__marker=user)
        return self.filter(seen).distinct()


class Picture(models.Model):
    """A picture of a bank, in private storage, re-encoded by us. Words name it `<img src="picture:UUID" alt="…">`."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    bank = models.ForeignKey(ItemBank, models.PROTECT, related_name="pictures", verbose_name=_("bank"))
    name = models.CharField(_("name"), max_length=120)
    file = models.FileField(storage=private_storage, upload_to="pictures/")
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=40)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    objects = PictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["bank", "name"]
        constraints = [models.UniqueConstraint(fields=["bank", "sha256"], name="picture_once_per_bank")]

    def __str__(self) -> str:
        return self.name


class ItemVersion(models.Model):
    """The wording and key of an item: draft → in_review → approved → retired. From approval on it never
    changes (triggers); a correction is a new version."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        IN_REVIEW = "in_review", _("in review")
        APPROVED = "approved", _("approved")
        RETIRED = "retired", _("retired")

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
    minutes = models.DecimalField(_("expected minutes"), max_digits=4, decimal_places=1, default=1)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("written by")
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("item version")
        verbose_name_plural = _("item versions")
        ordering = ["item", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="item_version_number_once"),
            models.UniqueConstraint(fields=["item"], name="one_approved_version_per_item", condition=Q(status="approved")),
            models.UniqueConstraint(
                fields=["item"], name="one_version_in_work_per_item", condition=Q(status__in=["draft", "in_review"])
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("written_by")), name="author_does_not_approve"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "in_review"]) | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="approved_version_names_its_approver",
            ),
        ]

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
