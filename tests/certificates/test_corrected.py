"""What rests on a result that is corrected: listed before, opened or put on the officers' desk after."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import AuditEntry, Role
from certificates.actions.applications import open_application_if_eligible
from certificates.actions.corrected import note_corrected_result, settle_corrected_result
from certificates.actions.decisions import decide_application
from certificates.actions.sweeping import sweep_certificates
from certificates.errors import DecidesOnThemselves, NotImpartial
from certificates.models import Application, Certificate, CorrectedResult
from common.errors import InvalidInput
from exams.actions.remark_proposals import propose_remark
from exams.actions.remarks import commit_remark, refuse_remark, run_remark_dry
from exams.models import Remark
from tests.factories.accounts import UserFactory, staff
from tests.factories.attempts import right_answers, scored, token
from tests.factories.certificates import make_officer, make_scheme, the_officer
from tests.factories.exams import make_paper, make_sitting
from tests.factories.results import board_member, release_sitting

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme():
    return make_scheme(courses=0)


@pytest.fixture
def sitting(scheme):
    return make_sitting(make_paper(scheme.requirements.get().exam))


@pytest.fixture
def people(sitting):
    """Ada passes by the key as it is, Ben only by the corrected one."""
    items = list(sitting.paper.items.select_related("version__item").order_by("position"))
    answers = {position: answer for position, answer in right_answers(items).items() if position in (1, 2, 3)}
    ada = scored(sitting, UserFactory(full_name="Ada Byron", family_name="Byron"), answers)
    ben = scored(
        sitting, UserFactory(full_name="Ben Smith", family_name="Smith"), {**answers, 1: {"choice": token(items[0], 3)}}
    )
    release_sitting(sitting)
    for result in (ada, ben):
        result.refresh_from_db()
    return ada, ben


@pytest.fixture
def certificate(people, scheme):
    application = open_application_if_eligible(people[0].attempt.registration.candidate, scheme)
    decide_application(application, outcome="granted", reasons="All is met.", by=the_officer())
    return Certificate.objects.get()


def dry(sitting):
    item = sitting.paper.items.get(position=1)
    words = {"reason": "Option 3 is right.", "words": "A key was wrong.", "words_zh": "答案有误。"}
    keys = [{"right": [token(item, 3)]}]
    return run_remark_dry(propose_remark(item.version, kind="key", keys=keys, **words, by=board_member()).pk)


def committed(sitting):
    return commit_remark(dry(sitting), by=board_member("Carl Chair", Role.CERTIFICATION_OFFICER))


def test_the_dry_run_lists_every_certificate_touched(sitting, people, certificate):
    remark = dry(sitting)

    (touched,) = remark.touched
    assert (touched["kind"], touched["status"], touched["result"]) == ("certificate", "valid", str(people[0].uuid))
    assert certificate.serial in touched["name"]
    assert touched["link"] == reverse("portal:officer_certificate", args=[certificate.uuid])


def test_an_open_application_is_listed_too_and_a_withdrawn_one_is_not(sitting, people, scheme):
    application = open_application_if_eligible(people[0].attempt.registration.candidate, scheme)
    (touched,) = dry(sitting).touched
    assert (touched["kind"], touched["link"]) == (
        "application",
        reverse("portal:officer_application", args=[application.uuid]),
    )
    Application.objects.update(status="withdrawn")
    refuse_remark(Remark.objects.get(), reason="Once more.", by=board_member())
    assert dry(sitting).touched == []


def test_after_the_commit_the_way_opens_for_one_and_the_other_comes_to_the_desk(
    sitting, people, certificate, scheme, django_capture_on_commit_callbacks
):
    ben = people[1].attempt.registration.candidate
    assert not Application.objects.filter(applicant=ben).exists()
    with django_capture_on_commit_callbacks(execute=True):
        committed(sitting)

    assert Application.objects.get(applicant=ben).status == "open"
    note = CorrectedResult.objects.get()
    assert note.application == certificate.decision.application
    certificate.refresh_from_db()
    assert certificate.status == "valid"


def test_a_lost_message_is_made_good_by_the_sweeper_once(sitting, people, certificate):
    committed(sitting)
    assert not CorrectedResult.objects.exists()

    assert sweep_certificates()["noted"] == 1
    assert sweep_certificates()["noted"] == 0
    note = CorrectedResult.objects.get()
    assert note_corrected_result(note.change_id) == []
    assert AuditEntry.objects.filter(act="corrected_result.noted").count() == 1


def test_an_officer_settles_it_with_words(sitting, people, certificate):
    committed(sitting)
    sweep_certificates()
    note = CorrectedResult.objects.get()
    for person in (staff(Role.AUDITOR), staff(Role.ADMINISTRATOR, "Another Admin"), UserFactory()):
        with pytest.raises(NotImpartial):
            settle_corrected_result(note, settlement="x", by=person)
    with pytest.raises(InvalidInput):
        settle_corrected_result(note, settlement=" ", by=the_officer())

    settled = settle_corrected_result(note, settlement="The holder sits again in June.", by=make_officer("Olga Officer"))

    assert settled.settled_by.full_name == "Olga Officer"
    again = settle_corrected_result(note, settlement="Another story.", by=the_officer())
    assert again.settlement == "The holder sits again in June."
    with pytest.raises(IntegrityError), transaction.atomic():
        CorrectedResult.objects.update(settlement="")


def test_nobody_settles_their_own(sitting, people, certificate):
    from accounts.actions.roles import grant_role

    committed(sitting)
    sweep_certificates()
    grant_role(certificate.holder, Role.CERTIFICATION_OFFICER, by=None)
    holder = type(certificate.holder).objects.get(pk=certificate.holder_id)
    with pytest.raises(DecidesOnThemselves):
        settle_corrected_result(CorrectedResult.objects.get(), settlement="x", by=holder)


def test_the_desk_shows_it_until_it_is_settled(client, sitting, people, certificate):
    committed(sitting)
    sweep_certificates()
    note = CorrectedResult.objects.get()
    client.force_login(the_officer())
    page = client.get(reverse("portal:officer_corrected")).content.decode()
    assert "Ada Byron" in page
    assert certificate.serial in page
    application = reverse("portal:officer_application", args=[note.application.uuid])
    assert "no longer a pass" in client.get(application).content.decode()
    client.post(reverse("portal:officer_corrected_settle", args=[note.pk]), {"settlement": "Suspended."})
    assert "Ada Byron" not in client.get(reverse("portal:officer_corrected")).content.decode()
    assert client.post(reverse("portal:officer_corrected_settle", args=[note.pk]), {"settlement": "x"}).status_code == 404
