"""Who may, in accounts."""

from accounts.models import Role, User


def can_change_roles_of(actor: User, user: User) -> bool:
    """Administrators change others' roles, never their own: nobody becomes more than one is."""
    return actor.has_role(Role.ADMINISTRATOR) and actor.pk != user.pk


def can_read_audit_trail(user: User) -> bool:
    return user.has_role(Role.AUDITOR, Role.ADMINISTRATOR)
