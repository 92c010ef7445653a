"""A roster's road: uploaded and compared, looked at, then applied whole or not at all (invariant 12)."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.actions.audit import record
from accounts.models import User
from common.events import ring
from partners.actions.invitations import VALID_FOR, take_seats
from partners.errors import CohortFinished, RosterClosed, RosterHasErrors, RosterOutdated
from partners.models import Cohort, CohortPlace, Invitation, Partner, RosterImport
from partners.queries import Seats, seats, seats_needed
from partners.rosters.comparing import ADD, CHANGE, Entry, changes, compare, counts
from partners.rosters.reading import read_roster
from partners.rules import must_manage

BATCH = 500


@transaction.atomic
def preview_roster(cohort: Cohort, *, content: bytes, file_name: str, by: User | None, language: str = "en") -> RosterImport:
    """Read an uploaded roster and store what it would do. `language` is for the rows that name none."""
    must_manage(by, cohort.partner)
    if cohort.status == Cohort.Status.FINISHED:
        raise CohortFinished
    entries = read_roster(content).entries
    for entry in entries:
        entry["language"] = entry["language"] or language
    report = compare(cohort, entries)
    return RosterImport.objects.create(
        cohort=cohort,
        file_name=file_name[:200],
        file_sha256=hashlib.sha256(content).hexdigest(),
        rows=entries,
        report=report,
        uploaded_by=by,
        **counts(report),
    )


@transaction.atomic
def compare_again(roster_import: RosterImport, *, by: User | None) -> RosterImport:
    """Bring a preview up to date with the cohort as it is now."""
    roster_import = _open_import(roster_import, by)
    if roster_import.status == RosterImport.Status.PREVIEWED:
        _store(roster_import, compare(roster_import.cohort, roster_import.rows))
    return roster_import


@transaction.atomic
def apply_roster(roster_import: RosterImport, *, by: User | None, at: datetime | None = None) -> RosterImport:
    """Do exactly what the preview showed, in one transaction, or nothing. Safe to call twice."""
    from partners.tasks import sweep_partners_task

    moment = at or timezone.now()
    roster_import = _open_import(roster_import, by)
    if roster_import.status == RosterImport.Status.APPLIED:
        return roster_import
    cohort = roster_import.cohort
    # The seats' lock; it also makes a second import of the same partner wait until this one is done.
    Partner.objects.select_for_update().get(pk=cohort.partner_id)
    if roster_import.error_count:
        raise RosterHasErrors
    report = compare(cohort, roster_import.rows)
    if report != roster_import.report:
        raise RosterOutdated
    places = {place.email: place for place in cohort.places.all()}
    chosen = _first_rows(roster_import.rows, report)
    newcomers = [entry for entry, outcome in chosen if outcome == ADD]
    changed = [(entry, places[entry["email"]]) for entry, outcome in chosen if outcome == CHANGE]
    returning = [entry for entry, place in changed if place.status == CohortPlace.Status.LEFT]
    if newcomers or returning:
        take_seats(cohort, [entry["email"] for entry in newcomers + returning])
    _add(cohort, newcomers, by, moment)
    _change(changed)
    _invite_again(cohort, returning, by, moment)
    roster_import.status, roster_import.applied_at = RosterImport.Status.APPLIED, moment
    roster_import.save(update_fields=["status", "applied_at"])
    record(
        "roster.applied",
        roster_import,
        by=by,
        partner=cohort.partner,
        summary=f"{roster_import.file_name} – {cohort.name}",
        details={"sha256": roster_import.file_sha256, **counts(report)},
    )
    if newcomers or returning:
        ring(sweep_partners_task)
    return roster_import


@transaction.atomic
def discard_roster(roster_import: RosterImport, *, by: User | None) -> RosterImport:
    """Put a preview away, with the personal data it holds. Safe to call twice; an applied import stays."""
    must_manage(by, roster_import.cohort.partner)
    roster_import = RosterImport.objects.select_for_update(of=("self",)).select_related("cohort").get(pk=roster_import.pk)
    if roster_import.status == RosterImport.Status.PREVIEWED:
        roster_import.status, roster_import.rows, roster_import.report = RosterImport.Status.DISCARDED, [], []
        roster_import.save(update_fields=["status", "rows", "report"])
    return roster_import


def seat_check(roster_import: RosterImport) -> tuple[int, Seats]:
    """How many seats a preview would take, and how the partner's seats stand."""
    emails = [
        row["email"]
        for row in roster_import.report
        if row["outcome"] == ADD or (row["outcome"] == CHANGE and ["invited_again", {}] in row["messages"])
    ]
    partner = roster_import.cohort.partner
    return seats_needed(partner, emails), seats(partner)


def _open_import(roster_import: RosterImport, by: User | None) -> RosterImport:
    must_manage(by, roster_import.cohort.partner)
    roster_import = (
        RosterImport.objects.select_for_update(of=("self",)).select_related("cohort__partner").get(pk=roster_import.pk)
    )
    if roster_import.status == RosterImport.Status.DISCARDED:
        raise RosterClosed
    if roster_import.cohort.status == Cohort.Status.FINISHED and roster_import.status != RosterImport.Status.APPLIED:
        raise CohortFinished
    return roster_import


def _store(roster_import: RosterImport, report: list[dict[str, Any]]) -> None:
    roster_import.report = report
    for name, number in counts(report).items():
        setattr(roster_import, name, number)
    roster_import.save(update_fields=["report", "added_count", "changed_count", "skipped_count", "error_count"])


def _first_rows(entries: list[Entry], report: list[dict[str, Any]]) -> list[tuple[Entry, str]]:
    return [(entry, row["outcome"]) for entry, row in zip(entries, report, strict=True) if row["outcome"] in (ADD, CHANGE)]


def _add(cohort: Cohort, entries: list[Entry], by: User | None, moment: datetime) -> None:
    places = CohortPlace.objects.bulk_create(
        [
            CohortPlace(
                cohort=cohort,
                email=entry["email"],
                full_name=entry["full_name"],
                family_name=entry["family_name"],
                external_id=entry["external_id"],
            )
            for entry in entries
        ],
        batch_size=BATCH,
    )
    languages = {entry["email"]: entry["language"] for entry in entries}
    Invitation.objects.bulk_create(
        [_invitation(cohort, place, languages[place.email], by, moment) for place in places], batch_size=BATCH
    )


def _change(changed: list[tuple[Entry, CohortPlace]]) -> None:
    for entry, place in changed:
        for name, _before, after in changes(entry, place):
            setattr(place, name, after)
    CohortPlace.objects.bulk_update(
        [place for _entry, place in changed], ["full_name", "family_name", "external_id"], batch_size=BATCH
    )


def _invite_again(cohort: Cohort, entries: list[Entry], by: User | None, moment: datetime) -> None:
    if not entries:
        return
    emails = [entry["email"] for entry in entries]
    returning = cohort.places.filter(email__in=emails)
    returning.update(status=CohortPlace.Status.INVITED, user=None, joined_at=None)
    languages = {entry["email"]: entry["language"] for entry in entries}
    # A used-up invitation is replaced by a new one: fewer rules than bringing it back field by field.
    Invitation.objects.filter(place__in=returning).delete()
    Invitation.objects.bulk_create(
        [_invitation(cohort, place, languages[place.email], by, moment) for place in returning], batch_size=BATCH
    )


def _invitation(cohort: Cohort, place: CohortPlace, language: str, by: User | None, moment: datetime) -> Invitation:
    return Invitation(
        partner_id=cohort.partner_id,
        place=place,
        email=place.email,
        language=language,
        invited_by=by,
        expires_at=moment + VALID_FOR,
        next_try_at=moment,
    )
