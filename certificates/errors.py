"""What certification refuses, in words for the person in front of the screen."""

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, NotPermitted


class NotEligible(DomainError):
    code = "not_eligible"
    message = _("Not every requirement of this scheme is met yet. The page of the scheme lists what is missing.")


class AlreadyDecided(DomainError):
    code = "already_decided"
    message = _("This application was decided in the meantime, with another outcome. Open it again to read the decision.")


class ApplicationClosed(DomainError):
    code = "application_closed"
    message = _("This application is no longer open: it was decided or withdrawn.")


class NotImpartial(NotPermitted):
    code = "not_impartial"
    message = _("You may not decide on this person.")


class DecidesOnThemselves(NotImpartial):
    code = "decides_on_themselves"
    message = _("Nobody decides on their own application. Leave it to another certification officer.")


class TaughtThisPerson(NotImpartial):
    code = "taught_this_person"
    message = _("You taught this person within the last 24 months. Another certification officer must decide.")


class ExaminedThisPerson(NotImpartial):
    code = "examined_this_person"
    message = _("You invigilated or examined a sitting of this person. Another certification officer must decide.")


class ReasonMissing(DomainError):
    code = "reason_missing"
    status = 400
    message = _("Please give a reason: it is kept with the decision and can be asked for.")


class HolderNameMissing(DomainError):
    code = "holder_name_missing"
    message = _("This person has not yet given the name to print on the certificate. Ask them to complete their profile first.")


class IllegalMove(DomainError):
    code = "illegal_move"
    message = _("A certificate with this status cannot be changed in that way.")


class NothingCorrected(DomainError):
    code = "nothing_corrected"
    status = 400
    message = _("The corrected certificate would say the same as the present one. Change the name or leave it as it is.")


class NoTemplate(DomainError):
    code = "no_template"
    message = _("No certificate template is current. An administrator must add one before certificates can be issued.")


class SchemeIncomplete(DomainError):
    code = "scheme_incomplete"
    message = _("A scheme needs at least one requirement, and its scope in both languages, before it can be activated.")


class SchemeInForce(DomainError):
    code = "scheme_in_force"
    message = _("This version of the scheme was activated and never changes. Make a new version instead.")


class DocumentNotParked(DomainError):
    code = "document_not_parked"
    message = _("This document is not waiting for a person: it is ready or being made.")


class TooManyExports(DomainError):
    code = "too_many_exports"
    status = 429
    message = _("Five exports of your partner are being made already. Wait until one of them is ready.")


class TooManyChecks(DomainError):
    code = "too_many_checks"
    status = 429
    message = _("Too many checks came from your address. Wait a moment and try again; the certificate has not changed.")


class CertificateNotFound(DomainError):
    """The same answer whether the serial never existed or the name is another: nobody can try out serials."""

    code = "not_found"
    status = 404
    message = _("We have no certificate with this number and this name. Compare both with the certificate and try again.")


class UnknownLink(DomainError):
    code = "not_found"
    status = 404
    message = _("We never issued a certificate with this link. If you were given it as proof, it proves nothing.")
