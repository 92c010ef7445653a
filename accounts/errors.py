"""What accounts refuses."""

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, NotPermitted


class SecondFactorMissing(NotPermitted):
    code = "second_factor_missing"
    message = _("Your role needs two-step sign-in. Set it up on your account's security page first.")


class BackOfficeIsForStaff(NotPermitted):
    code = "back_office_is_for_staff"
    message = _("This part of the site is for staff. Your courses, exams and certificates are on your home page.")


class RoleNotYours(NotPermitted):
    code = "role_not_yours"
    message = _("Only an administrator may grant or take away roles, and nobody may change their own.")


class UnknownRole(DomainError):
    code = "unknown_role"
    status = 400
    message = _("There is no role of this name.")
