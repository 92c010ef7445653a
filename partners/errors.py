"""What partners refuses, in words for the person who asked."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, NotPermitted


class NotYourPartner(NotPermitted):
    code = "not_your_partner"
    message = _("Only managers of this institution may do this.")


class PartnerClosed(DomainError):
    code = "partner_closed"
    message = _("The work with this institution has ended. Its register stays readable, but nothing can be changed.")


class NoCurrentAgreement(DomainError):
    code = "no_current_agreement"
    message = _("There is no agreement in force today, so no seats can be given. Please contact us.")


class NoSeatsLeft(DomainError):
    code = "no_seats_left"


class AgreementRefused(DomainError):
    code = "agreement_refused"
    status = 400


class AlreadyMember(DomainError):
    code = "already_member"
    message = _("This person already has this role here.")


class LastManager(DomainError):
    code = "last_manager"
    message = _("An institution needs at least one manager. Invite another one first.")


class NotAMember(DomainError):
    code = "not_a_member"
    status = 400
    message = _("The instructor must be a member of this institution.")


class AlreadyInCohort(DomainError):
    code = "already_in_cohort"
    message = _("This person already has a place in this cohort.")


class CohortFinished(DomainError):
    code = "cohort_finished"
    message = _("This cohort has finished. Create a new cohort for new people.")


class CohortMoveRefused(DomainError):
    code = "cohort_move_refused"


class InvitationNotFound(DomainError):
    code = "invitation_not_found"
    status = 404
    message = _(
        "This invitation link is not valid any more. It may have been used, withdrawn or replaced by a newer one: "
        "please use the link of the latest mail, or ask the person who invited you to send it again."
    )


class InvitationExpired(DomainError):
    code = "invitation_expired"
    status = 410
    message = _("This invitation has expired. Please ask the person who invited you to send it again.")


class InvitationForAnotherAddress(NotPermitted):
    code = "invitation_for_another_address"
    message = _(
        "This invitation was sent to an e-mail address that is not yet confirmed for your account. Sign in with the "
        "account of that address, or add and confirm the address in your account settings, then open the link again."
    )


class InvitationClosed(DomainError):
    code = "invitation_closed"
    message = _("This invitation has already been answered.")


class RosterUnreadable(DomainError):
    """The whole file cannot be used; the text says why in one sentence."""

    code = "roster_unreadable"
    status = 400


class RosterHasErrors(DomainError):
    code = "roster_has_errors"
    message = _("Nothing was imported: some rows have errors. Correct them in the file and upload it again.")


class RosterOutdated(DomainError):
    code = "roster_outdated"
    message = _(
        "Nothing was imported: the cohort has changed since this preview was made. Compare the file again and look "
        "at the new preview."
    )


class RosterClosed(DomainError):
    code = "roster_closed"
    message = _("This import was discarded. Upload the file again.")
