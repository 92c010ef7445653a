"""What a device still has after a long outage: offered to the exam office, never dropped silently."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from exams.actions.delivery import close_overdue
from exams.models import Attempt, LateBundle
from tests.exams.test_every_type_in_browser import serious
from tests.exams.test_room_browser import Seat, stored
from tests.factories.accounts import UserFactory
from tests.factories.exams import make_paper, make_registration, make_sitting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ON_DEVICE = """async () => {
  const open = indexedDB.open("touchstone-exam-room");
  const db = await new Promise(done => { open.onsuccess = () => done(open.result) });
  const asked = db.transaction("unsent").objectStore("unsent").count();
  const count = await new Promise(done => { asked.onsuccess = () => done(asked.result) });
  db.close();
  return count;
}"""


def test_after_a_long_outage_the_answers_go_to_the_exam_office(new_page, live_server, transactional_db):
    seat = Seat(new_page, live_server)
    seat.start(make_registration(make_sitting(make_paper()), UserFactory(full_name="Ada")))
    page, context = seat.page, seat.page.context
    context.set_offline(True)
    seat.write(4, "inference")
    expect(seat.save_state).to_contain_text("1 not saved yet")
    room = page.url
    page.close(run_before_unload=False)
    long_ago = timedelta(hours=3)
    for attempt in Attempt.objects.all():
        attempt.closes_at, attempt.accept_until = attempt.closes_at - long_ago, attempt.accept_until - long_ago
        attempt.save(update_fields=["closes_at", "accept_until"])
    assert close_overdue() == 1

    context.set_offline(False)
    seat.page = page = context.new_page()
    page.goto(room)
    expect(page.get_by_role("heading", name="Answers that are still on this device")).to_be_visible()
    assert serious(page) == []
    send = page.get_by_role("button", name="Hand them to the exam office")
    send.press("Enter")
    expect(page.locator("#room-late-problem")).to_contain_text("Say in a sentence what happened")
    page.get_by_label("What happened?").fill("The power failed in the hall.")
    assert page.evaluate(ON_DEVICE) == 1
    send.press("Enter")
    expect(page.locator("#room-late-done")).to_contain_text("Handed to the exam office: 1")
    bundle = LateBundle.objects.get()
    assert [(each["position"], each["response"]) for each in bundle.answers] == [(4, {"text": "inference"})]
    assert bundle.answers[0]["changed_at"]
    assert page.evaluate(ON_DEVICE) == 0
    assert stored() == {}
    page.reload()
    expect(page.get_by_text("Two people decide on them; you see it here")).to_be_visible()
    expect(page.locator("#room-late")).to_be_hidden()
    assert seat.errors == []
