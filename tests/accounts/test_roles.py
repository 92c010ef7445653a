import pytest

from accounts.actions.people import deactivate_account
from accounts.actions.roles import grant_role, revoke_role, set_roles
from accounts.errors import RoleNotYours, UnknownRole
from accounts.models import AuditEntry, Role, User
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return UserFactory(roles=(Role.ADMINISTRATOR,))


def test_an_administrator_grants_and_revokes_with_an_entry_each(admin):
    cleo = UserFactory(full_name="Cleo")

    grant_role(cleo, Role.ITEM_WRITER, by=admin)
    grant_role(cleo, Role.ITEM_WRITER, by=admin)
    assert cleo.has_role(Role.ITEM_WRITER)
    revoke_role(cleo, Role.ITEM_WRITER, by=admin)

    assert not cleo.has_role(Role.ITEM_WRITER)
    trail = AuditEntry.objects.filter(thing_id=str(cleo.pk)).order_by("sequence")
    assert list(trail.values_list("act", "summary", "actor_id")) == [
        ("role_granted", "item_writer", admin.pk),
        ("role_revoked", "item_writer", admin.pk),
    ]


def test_nobody_grants_a_role_to_themselves(admin):
    with pytest.raises(RoleNotYours):
        grant_role(admin, Role.CERTIFICATION_OFFICER, by=admin)

    assert not User.objects.get(pk=admin.pk).has_role(Role.CERTIFICATION_OFFICER)


def test_others_grant_nothing():
    cleo, dan = UserFactory(roles=(Role.ITEM_WRITER,)), UserFactory()

    with pytest.raises(RoleNotYours):
        grant_role(dan, Role.ITEM_WRITER, by=cleo)


def test_a_role_that_does_not_exist_is_refused(admin):
    with pytest.raises(UnknownRole):
        grant_role(UserFactory(), "king", by=admin)


def test_setting_roles_changes_only_the_difference(admin):
    cleo = UserFactory(roles=(Role.ITEM_WRITER, Role.AUTHOR))

    set_roles(cleo, {Role.ITEM_WRITER, Role.ITEM_REVIEWER}, by=admin)

    assert User.objects.get(pk=cleo.pk).role_names == {"item_writer", "item_reviewer"}
    entries = AuditEntry.objects.filter(thing_id=str(cleo.pk), actor_id=admin.pk)
    assert sorted(entries.values_list("act", "summary")) == [("role_granted", "item_reviewer"), ("role_revoked", "author")]


def test_a_superuser_holds_no_role_by_being_one():
    root = User.objects.create_superuser("root@example.org", PASSWORD)

    assert not root.has_role(*Role.values)


def test_a_closed_account_loses_its_sessions_at_once(client, admin):
    ada = UserFactory()
    client.post("/accounts/login/", {"login": ada.email, "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(ada.pk)

    deactivate_account(ada, by=admin, reason="asked for it")

    assert client.get("/accounts/profile/").status_code == 302
    assert AuditEntry.objects.filter(act="account_deactivated", actor_id=admin.pk).count() == 1
