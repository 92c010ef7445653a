"""A candidate's place in a sitting: taken, given back."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import get_language

from accounts.actions.people import give_consent
from accounts.models import Consent, User
from accounts.texts import text_digest
from exams.actions.retakes import refuse_retake
from exams.clock import server_now
from exams.errors import (
    AlreadyStarted,
    LanguageNotOffered,
    NoCurrentAgreement,
    QuotaUsedUp,
    RulesNotAcknowledged,
    SittingCancelled,
    SittingClosed,
    SittingForPartner,
    SittingFull,
)
from exams.models import Paper, Registration, Sitting
from exams.rules.deadlines import Times, times_for
from partners.models import Agreement, CohortPlace, Partner


@transaction.atomic
def register_candidate(
    sitting: Sitting,
    *,
    candidate: User,
    language: str = "",
    place: CohortPlace | None = None,
    at: datetime | None = None,
) -> Registration:
    """Give the candidate a place in the sitting; one who has it keeps it.

    Through a cohort place the registration counts against that partner's agreement. Places are counted while the
    sitting's row is locked, so the last one is given once.
    """
    at = at or server_now()
    sitting = Sitting.objects.select_for_update(of=("self",)).select_related("paper", "partner", "exam").get(pk=sitting.pk)
    existing = Registration.objects.filter(sitting=sitting, candidate=candidate).first()
    if existing and existing.status == Registration.Status.REGISTERED:
        return existing
    times = times_for(candidate, sitting, at=at)
    _refuse_unless_open(sitting, times, at)
    exception = refuse_retake(candidate, sitting, by_then=times.start_by, at=at, registration=existing)
    place = place or _place_for(candidate, sitting)
    if sitting.partner_id and (place is None or place.cohort.partner_id != sitting.partner_id):
        raise SittingForPartner
    if sitting.registrations.filter(status=Registration.Status.REGISTERED).count() >= sitting.capacity:
        raise SittingFull
    if place is not None:
        _refuse_beyond_quota(place.cohort.partner, at)
    registration = existing or Registration(sitting=sitting, candidate=candidate)
    registration.status, registration.place, registration.registered_at = Registration.Status.REGISTERED, place, at
    registration.language = _offered(sitting.paper, language or candidate.language, chosen=bool(language))
    registration.save()
    if exception is not None:
        exception.registration = registration
        exception.save(update_fields=["registration"])
    return registration


@transaction.atomic
def cancel_registration(registration: Registration) -> Registration:
    """Give the place back, which is possible until the exam is started."""
    registration = Registration.objects.select_for_update().get(pk=registration.pk)
    if registration.attempts.exists():
        raise AlreadyStarted
    registration.status = Registration.Status.CANCELLED
    registration.save(update_fields=["status"])
    return registration


@transaction.atomic
def choose_language(registration: Registration, *, language: str) -> Registration:
    """Change the language of the paper, which is possible until the exam is started."""
    registration = Registration.objects.select_for_update(of=("self",)).select_related("sitting__paper").get(pk=registration.pk)
    if registration.language == language:
        return registration
    if registration.attempts.exists():
        raise AlreadyStarted
    registration.language = _offered(registration.sitting.paper, language, chosen=True)
    registration.save(update_fields=["language"])
    return registration


@transaction.atomic
def prepare_start(registration: Registration, *, language: str, accepted: bool, at: datetime | None = None) -> Registration:
    """What a person does before the clock starts: choose the paper's language and accept the exam rules.

    Coming back to a started exam asks for neither. The acceptance is kept with the SHA-256 of the text shown.
    """
    if registration.attempts.exists():
        return registration
    if language:
        registration = choose_language(registration, language=language)
    shown_in = get_language() or "en"
    if accepted:
        give_consent(registration.candidate, Consent.Purpose.EXAM_RULES, locale=shown_in, at=at)
    elif not has_accepted_rules(registration.candidate):
        raise RulesNotAcknowledged
    return registration


def has_accepted_rules(candidate: User) -> bool:
    """Whether the rules in force, in any language of the site, were accepted before; new rules are asked anew."""
    digests = [text_digest(Consent.Purpose.EXAM_RULES, code) for code, _name in settings.LANGUAGES]
    return candidate.consents.filter(purpose=Consent.Purpose.EXAM_RULES, text_sha256__in=digests).exists()


def _refuse_unless_open(sitting: Sitting, times: Times, at: datetime) -> None:
    if sitting.status == Sitting.Status.CANCELLED:
        raise SittingCancelled
    if sitting.status == Sitting.Status.CLOSED or at >= times.start_by:
        raise SittingClosed


def _place_for(candidate: User, sitting: Sitting) -> CohortPlace | None:
    """The active cohort place this sitting is meant for: of its partner, or of a cohort that is to sit here."""
    places: QuerySet[CohortPlace] = CohortPlace.objects.select_related("cohort__partner").filter(
        user=candidate, status=CohortPlace.Status.ACTIVE
    )
    meant = places.filter(cohort__sittings__sitting=sitting).order_by("pk").first()
    if meant or not sitting.partner_id:
        return meant
    return places.filter(cohort__partner=sitting.partner_id).order_by("-joined_at", "pk").first()


def _refuse_beyond_quota(partner: Partner, at: datetime) -> None:
    """Registrations of the agreement's term through this partner, counted under the agreement's lock."""
    agreement = (
        Agreement.objects.select_for_update()
        .filter(partner=partner, starts_on__lte=at.date(), ends_on__gte=at.date())
        .order_by("-starts_on")
        .first()
    )
    if agreement is None:
        raise NoCurrentAgreement
    used = Registration.objects.filter(
        place__cohort__partner=partner,
        status=Registration.Status.REGISTERED,
        registered_at__date__gte=agreement.starts_on,
        registered_at__date__lte=agreement.ends_on,
    ).count()
    if used >= agreement.exam_quota:
        raise QuotaUsedUp


def _offered(paper: Paper, language: str, *, chosen: bool) -> str:
    """The language if the paper has it; a person's default gives way to what there is, their choice does not."""
    offered = sorted(paper.renderings.values_list("language", flat=True))
    if language in offered:
        return language
    if chosen or not offered:
        raise LanguageNotOffered
    return offered[0]
