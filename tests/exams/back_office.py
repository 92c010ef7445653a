"""One of everything that the back office of exams leads to, and who comes there."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from exams.actions.bank import write_version
from exams.actions.reviews import submit_for_review
from exams.actions.sittings import assign_staff, grant_accommodation
from exams.models import ImportBatch
from tests.factories.accounts import UserFactory, staff
from tests.factories.bank import (
    administrator,
    cleo,
    make_approved,
    make_draft,
)
from tests.factories.exams import make_paper, make_registration, make_sitting

WRITER, REVIEWER, ADMINISTRATOR = Role.ITEM_WRITER, Role.ITEM_REVIEWER, Role.ADMINISTRATOR
BANK = {WRITER, REVIEWER, ADMINISTRATOR}


class World:
    """One of everything the addresses lead to."""

    def __init__(self) -> None:
        self.version = submit_for_review(make_draft(), by=cleo())
        self.live = make_approved(bank=self.version.item.bank)
        self.second = write_version(self.live.item, by=cleo())
        self.batch = ImportBatch.objects.create(
            bank=self.version.item.bank, format="gift", file_name="bank.gift", status="checked", uploaded_by=cleo()
        )
        self.paper = make_paper()
        self.sitting = make_sitting(self.paper, opens_at=timezone.now() + timedelta(hours=1))
        self.duty = assign_staff(self.sitting, staff(Role.INVIGILATOR, "On Duty"), duty="invigilator", by=administrator())
        make_registration(self.sitting)
        today = timezone.localdate()
        self.accommodation = grant_accommodation(
            UserFactory(), extra_time_percent=25, valid_from=today, valid_until=today, by=administrator()
        )


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
