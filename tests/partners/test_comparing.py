"""What a roster would do, and that applying does exactly that or nothing."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry
from partners.actions.cohorts import finish_cohort
from partners.actions.invitations import accept_offer, withdraw_invitation
from partners.errors import (
    CohortFinished,
    NoCurrentAgreement,
    NoSeatsLeft,
    NotYourPartner,
    RosterClosed,
    RosterHasErrors,
    RosterOutdated,
)
from partners.models import CohortPlace, Invitation, RosterImport
from partners.queries import earlier_application, seats, seats_used
from partners.rosters.applying import apply_roster, compare_again, discard_roster, preview_roster, seat_check
from partners.rosters.wording import in_words
from tests.factories.accounts import UserFactory
from tests.factories.partners import CohortFactory, PartnerFactory, PlaceFactory, make_instructor, make_manager, make_partner

pytestmark = pytest.mark.django_db

FILE = (
    "Name,Family name,Email,Student number,Language\n"
    "Ada Lovelace,Lovelace,ada@uni.example,001,\n"
    "李明,李,li@uni.example,002,中文\n"
)


@pytest.fixture
def cohort():
    return CohortFactory(partner=make_partner(seats=10))


@pytest.fixture
def mia(cohort):
    return make_manager(cohort.partner)


def preview(cohort, by, text=FILE, **kwargs) -> RosterImport:
    return preview_roster(cohort, content=text.encode(), file_name="list.csv", by=by, **kwargs)


def outcomes(roster: RosterImport) -> list[tuple[int, str, list[str]]]:
    return [(row["line"], row["outcome"], [code for code, _facts in row["messages"]]) for row in roster.report]


def test_a_preview_says_what_would_happen_and_does_nothing(cohort, mia):
    roster = preview(cohort, mia)

    assert outcomes(roster) == [(2, "add", ["invited_new"]), (3, "add", ["invited_new"])]
    assert (roster.added_count, roster.changed_count, roster.skipped_count, roster.error_count) == (2, 0, 0, 0)
    assert not CohortPlace.objects.exists()
    assert not Invitation.objects.exists()


def test_applying_creates_places_and_invitations_in_the_right_languages(cohort, mia, django_capture_on_commit_callbacks):
    roster = preview(cohort, mia, language="en")

    with django_capture_on_commit_callbacks() as rung:
        applied = apply_roster(roster, by=mia)

    assert applied.status == "applied"
    assert applied.applied_at is not None
    assert list(cohort.places.order_by("email").values_list("email", "full_name", "family_name", "external_id", "status")) == [
        ("ada@uni.example", "Ada Lovelace", "Lovelace", "001", "invited"),
        ("li@uni.example", "李明", "李", "002", "invited"),
    ]
    assert list(Invitation.objects.order_by("email").values_list("email", "language", "status", "invited_by")) == [
        ("ada@uni.example", "en", "pending", mia.pk),
        ("li@uni.example", "zh-hans", "pending", mia.pk),
    ]
    entry = AuditEntry.objects.get(act="roster.applied")
    assert (entry.partner_id, entry.details["added_count"]) == (cohort.partner_id, 2)
    # One nudge for the whole file, not one message per person.
    assert len(rung) == 1


def test_the_same_file_twice_changes_nothing_and_says_so(cohort, mia):
    first = apply_roster(preview(cohort, mia), by=mia)
    before = list(CohortPlace.objects.values().order_by("pk"))

    second = preview(cohort, mia)
    assert outcomes(second) == [(2, "skip", ["unchanged_invited"]), (3, "skip", ["unchanged_invited"])]
    assert earlier_application(second) == first
    apply_roster(second, by=mia)

    assert list(CohortPlace.objects.values().order_by("pk")) == before
    assert Invitation.objects.count() == 2


def test_applying_twice_is_applying_once(cohort, mia):
    roster = apply_roster(preview(cohort, mia), by=mia)
    again = apply_roster(roster, by=mia)

    assert again.applied_at == roster.applied_at
    assert AuditEntry.objects.filter(act="roster.applied").count() == 1


def test_details_that_changed_are_changed_and_empty_cells_change_nothing(cohort, mia):
    apply_roster(preview(cohort, mia), by=mia)
    roster = preview(cohort, mia, "Name,Email,Student number\nAda King,ada@uni.example,\n李明,li@uni.example,002\n")

    assert outcomes(roster) == [(2, "change", ["changed"]), (3, "skip", ["unchanged_invited"])]
    assert in_words(roster.report[0]["messages"][0]) == "Name: “Ada Lovelace” becomes “Ada King”."
    apply_roster(roster, by=mia)

    place = cohort.places.get(email="ada@uni.example")
    assert (place.full_name, place.external_id, place.family_name) == ("Ada King", "001", "Lovelace")


def test_a_roster_never_touches_the_name_a_person_gave_themselves(cohort, mia):
    place = PlaceFactory(cohort=cohort, user=UserFactory(email="ada@uni.example", full_name="Augusta Ada King"))
    apply_roster(preview(cohort, mia, "Name,Email\nAda Lovelace,ADA@uni.example\n"), by=mia)

    place.refresh_from_db()
    place.user.refresh_from_db()
    assert (place.full_name, place.user.full_name, place.status) == ("Ada Lovelace", "Augusta Ada King", "active")


def test_whoever_left_is_invited_again(cohort, mia):
    apply_roster(preview(cohort, mia), by=mia)
    withdraw_invitation(Invitation.objects.get(email="ada@uni.example"), by=mia)
    roster = preview(cohort, mia, FILE.replace("Lovelace,Lovelace", "Byron,Byron"))

    assert outcomes(roster)[0] == (2, "change", ["invited_again", "changed", "changed"])
    assert seat_check(roster)[0] == 1
    apply_roster(roster, by=mia)

    invitation = Invitation.objects.get(email="ada@uni.example")
    assert (invitation.status, invitation.sent_at, invitation.place.status) == ("pending", None, "invited")
    assert invitation.place.full_name == "Ada Byron"


def test_duplicates_within_a_file(cohort, mia):
    roster = preview(
        cohort,
        mia,
        "Name,Email,ID\nAda,ada@uni.example,1\nAda,ADA@uni.example,1\nEve,ada@uni.example,2\nKim,kim@uni.example,1\n",
    )

    assert outcomes(roster) == [
        (2, "add", ["invited_new"]),
        (3, "skip", ["duplicate_same"]),
        (4, "error", ["duplicate_differs"]),
        (5, "error", ["number_twice"]),
    ]


def test_a_number_of_somebody_else_in_the_cohort_is_an_error(cohort, mia):
    apply_roster(preview(cohort, mia), by=mia)
    roster = preview(cohort, mia, "Name,Email,ID\nAda Lovelace,ada.new@uni.example,001\n")

    assert outcomes(roster) == [(2, "error", ["number_taken"])]


def test_one_bad_row_and_nothing_is_imported(cohort, mia):
    roster = preview(cohort, mia, FILE + "Bob,Nomail,,003,\n")

    assert roster.error_count == 1
    with pytest.raises(RosterHasErrors):
        apply_roster(roster, by=mia)
    assert not CohortPlace.objects.exists()


def test_a_fault_in_the_middle_leaves_nothing_behind(cohort, mia, monkeypatch):
    roster = preview(cohort, mia)

    def fail(*_args, **_kwargs):
        raise OSError("disk full")

    monkeypatch.setattr("partners.rosters.applying.Invitation.objects.bulk_create", fail)
    with pytest.raises(OSError, match="disk full"):
        apply_roster(roster, by=mia)

    roster.refresh_from_db()
    assert roster.status == "previewed"
    assert not CohortPlace.objects.exists()
    assert not AuditEntry.objects.filter(act="roster.applied").exists()


def test_seats_are_checked_and_counted_by_person(mia, cohort):
    agreement = cohort.partner.agreements.get()
    agreement.seats = 2
    agreement.save()
    # Ada holds a seat through another cohort: her second place takes none.
    PlaceFactory(cohort__partner=cohort.partner, invited=True, email="ada@uni.example")
    roster = preview(cohort, mia)
    assert seat_check(roster) == (1, seats(cohort.partner))
    apply_roster(roster, by=mia)
    assert seats_used(cohort.partner) == 2

    third = preview(cohort, mia, "Name,Email\nBen,ben@uni.example\n")
    with pytest.raises(NoSeatsLeft) as refusal:
        apply_roster(third, by=mia)
    assert (refusal.value.extra, cohort.places.count()) == ({"needed": 1, "left": 0}, 2)


def test_without_an_agreement_nobody_is_invited():
    cohort = CohortFactory(partner=PartnerFactory())
    roster = preview(cohort, None)
    with pytest.raises(NoCurrentAgreement):
        apply_roster(roster, by=None)


def test_a_cohort_that_changed_since_the_preview_asks_for_a_new_look(cohort, mia):
    roster = preview(cohort, mia)
    PlaceFactory(cohort=cohort, invited=True, email="ada@uni.example", full_name="Ada Lovelace")

    with pytest.raises(RosterOutdated):
        apply_roster(roster, by=mia)
    assert cohort.places.count() == 1

    roster = compare_again(roster, by=mia)
    assert [row["outcome"] for row in roster.report] == ["change", "add"]
    assert apply_roster(roster, by=mia).status == "applied"


def test_an_expired_invitation_is_told(cohort, mia):
    apply_roster(preview(cohort, mia), by=mia)
    Invitation.objects.filter(email="ada@uni.example").update(status="expired")

    assert outcomes(preview(cohort, mia))[0] == (2, "skip", ["unchanged_expired"])


def test_a_discarded_import_forgets_the_people_and_cannot_be_applied(cohort, mia):
    roster = discard_roster(preview(cohort, mia), by=mia)

    assert (roster.status, roster.rows, roster.report) == ("discarded", [], [])
    with pytest.raises(RosterClosed):
        apply_roster(roster, by=mia)


def test_only_managers_of_this_partner(cohort):
    for stranger in (make_manager(make_partner(), "Otto Other"), make_instructor(cohort.partner), UserFactory()):
        with pytest.raises(NotYourPartner):
            preview(cohort, stranger)
    roster = preview(cohort, None)
    for act in (apply_roster, compare_again, discard_roster):
        with pytest.raises(NotYourPartner):
            act(roster, by=make_manager(make_partner(), "Olga Other"))


def test_a_finished_cohort_takes_nobody(cohort, mia):
    roster = preview(cohort, mia)
    finish_cohort(cohort, by=mia)
    with pytest.raises(CohortFinished):
        apply_roster(roster, by=mia)
    cohort.refresh_from_db()
    with pytest.raises(CohortFinished):
        preview(cohort, mia)


def test_accepted_people_stay_active_when_the_file_comes_again(cohort, mia):
    apply_roster(preview(cohort, mia), by=mia)
    ada = UserFactory(email="ada@uni.example")
    accept_offer(Invitation.objects.get(email="ada@uni.example"), by=ada)

    assert outcomes(preview(cohort, mia))[0] == (2, "skip", ["unchanged_active"])


@pytest.mark.parametrize("people", [1, 3, 50])
def test_the_cost_does_not_grow_with_the_file(cohort, people):
    text = "Name,Email\n" + "".join(f"P{n},p{n}@uni.example\n" for n in range(people))
    cohort.partner.agreements.update(seats=1000)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        apply_roster(preview(cohort, None, text), by=None)

    assert cohort.places.count() == people
    assert len(queries) <= 30


def test_five_thousand_people_are_imported_quickly(cohort):
    import time

    cohort.partner.agreements.update(seats=5000)
    text = "Name,Email,Student number\n" + "".join(f"Person {n},p{n}@uni.example,{n:06}\n" for n in range(5000))
    started = time.perf_counter()
    with CaptureQueriesContext(connection) as queries:
        apply_roster(preview(cohort, None, text), by=None)
    seconds = time.perf_counter() - started

    assert cohort.places.count() == Invitation.objects.count() == 5000
    # SQLite takes 999 values a statement, so rows go in by the hundred; nothing is asked per person.
    assert len(queries) <= 200
    assert seconds < 30
