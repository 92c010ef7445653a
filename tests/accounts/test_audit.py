import pytest
from django.db import DatabaseError, transaction
from django.db.transaction import TransactionManagementError

from accounts.actions.audit import record
from accounts.integrity import broken_links
from accounts.models import AuditEntry, AuditHead
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.smoke]


def three_entries():
    ada = UserFactory(full_name="Ada")
    return [record("thing_done", ada, by=ada, summary=f"number {n}", details={"n": n}) for n in range(3)]


def test_entries_form_one_chain_in_order():
    first, second, third = three_entries()

    assert [first.sequence, second.sequence, third.sequence] == [1, 2, 3]
    assert (second.previous, third.previous) == (first.digest, second.digest)
    assert list(broken_links()) == []


@pytest.mark.parametrize(
    "change", [{"summary": "something else"}, {"actor_id": 99}, {"details": {"n": 5}}, {"previous": "f" * 64}]
)
def test_any_changed_field_breaks_the_chain(change, without_triggers):
    _first, second, _third = three_entries()

    with without_triggers("accounts_auditentry"):
        AuditEntry.objects.filter(pk=second.pk).update(**change)

    assert "audit entry 2" in {violation.row for violation in broken_links()}


def test_a_removed_last_entry_is_noticed_by_the_head(without_triggers):
    *_rest, third = three_entries()

    with without_triggers("accounts_auditentry"):
        AuditEntry.objects.filter(pk=third.pk).delete()

    assert [violation.row for violation in broken_links()] == ["audit head"]


def test_the_database_refuses_to_change_an_entry():
    entry = three_entries()[0]

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEntry.objects.filter(pk=entry.pk).update(summary="rewritten")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEntry.objects.filter(pk=entry.pk).delete()

    assert AuditEntry.objects.get(pk=entry.pk).summary == "number 0"


def test_an_act_that_fails_leaves_no_entry():
    ada = UserFactory()

    with pytest.raises(RuntimeError), transaction.atomic():
        record("thing_done", ada, by=ada)
        raise RuntimeError

    assert not AuditEntry.objects.exists()
    assert AuditHead.objects.filter(sequence__gt=0).count() == 0


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused():
    ada = UserFactory()

    with pytest.raises(TransactionManagementError):
        record("thing_done", ada, by=ada)
