"""Invariants 7, 11 and 12 as far as partners can see them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from common.integrity import Violation, invariant
from partners.models import Cohort, Invitation, Membership, RosterImport
from partners.rosters.comparing import ERROR, counts

LATE = timedelta(hours=1)


@invariant(7, "an invitation stays within its partner and its address")
def wandering_invitations() -> Iterator[Violation]:
    rows = Invitation.objects.filter(place__isnull=False).exclude(partner=F("place__cohort__partner"), email=F("place__email"))
    for invitation in rows.iterator():
        yield Violation(f"invitation {invitation.pk}", "names another partner or address than its cohort place")


@invariant(7, "an accepted place belongs to the person who proved its address")
def places_without_acceptance() -> Iterator[Violation]:
    rows = Invitation.objects.filter(status=Invitation.Status.ACCEPTED, place__isnull=False, place__user__isnull=True)
    for invitation in rows.exclude(place__status="left").iterator():
        yield Violation(f"invitation {invitation.pk}", "was accepted, but its place has nobody in it")


@invariant(7, "a cohort is instructed by somebody of its partner")
def foreign_instructors() -> Iterator[Violation]:
    membership = Membership.objects.filter(partner=OuterRef("partner"), user=OuterRef("instructor"))
    for cohort in Cohort.objects.filter(~Exists(membership), instructor__isnull=False).iterator():
        yield Violation(f"cohort {cohort.pk}", "is instructed by a person who never was a member of its partner")


@invariant(11, "no invitation waits unsent")
def forgotten_mails() -> Iterator[Violation]:
    """Due for an hour and never tried: the sweeper does not run. Mails that failed wait for their next try."""
    rows = Invitation.objects.filter(
        Q(next_try_at__lt=timezone.now() - LATE),
        status=Invitation.Status.PENDING,
        sent_at=None,
        expires_at__gt=timezone.now(),
    )
    for invitation in rows.iterator():
        yield Violation(f"invitation {invitation.pk}", "is due for more than an hour and was not sent")


@invariant(12, "an applied roster did what its report says")
def untrue_reports() -> Iterator[Violation]:
    for roster in RosterImport.objects.filter(status=RosterImport.Status.APPLIED).iterator(chunk_size=20):
        if any(row["outcome"] == ERROR for row in roster.report):
            yield Violation(f"roster import {roster.pk}", "was applied although rows have errors")
        said = {name: getattr(roster, name) for name in counts(roster.report)}
        if said != counts(roster.report) or len(roster.rows) != len(roster.report):
            yield Violation(f"roster import {roster.pk}", "counts other rows than its report holds")
        named = {row["email"] for row in roster.report if row["outcome"] == "add"}
        there = set(roster.cohort.places.filter(email__in=named).values_list("email", flat=True))
        if named - there:
            yield Violation(f"roster import {roster.pk}", f"reports {len(named - there)} people who have no place")
