from accounts.models.audit import AuditEntry, AuditHead
from accounts.models.consents import Consent
from accounts.models.letters import Letter
from accounts.models.users import Role, User

__all__ = ["AuditEntry", "AuditHead", "Consent", "Letter", "Role", "User"]
