"""What was issued stays as issued, who is partial may not decide, history is append-only."""

from django.db import migrations

from certificates.triggers import EXAMINED, OTHER_APPLICANT, TAUGHT, DecisionTrigger, changed, illegal_move
from common.triggers import ForbidChange, Trigger

CERTIFICATE_MOVES = {
    "valid": {"suspended", "withdrawn", "expired", "superseded"},
    "suspended": {"valid", "withdrawn", "expired"},
}
APPLICATION_MOVES = {"open": {"decided", "withdrawn"}}
SCHEME_MOVES = {"draft": {"active"}, "active": {"retired"}}
ISSUED = [
    "uuid", "serial", "token", "decision_id", "supersedes_id", "scheme_id", "holder_id", "cycle", "partner_id", "cohort_id",
    "template_id", "claims", "issued_on", "valid_until",
]
PRINTED = ["code", "revision", "design", "signatory_name", "signatory_name_zh", "signatory_role", "signatory_role_zh"]
DEMANDED = ["code", "version", "track_id", "level_id", "title", "title_zh", "scope", "scope_zh", "validity_months"]


def scheme_in_use(row: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM certificates_certificationscheme scheme WHERE scheme.id = {row}.scheme_id"
        " AND scheme.status <> 'draft')"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("certificates", "0003_corrections_supersede"),
        ("exams", "0001_initial"),
        ("partners", "0001_initial"),
    ]

    operations = [
        DecisionTrigger(
            "decision_not_by_the_teacher", "certificates_certificationdecision", "INSERT", TAUGHT,
            "who taught a person does not decide on them",
        ),
        DecisionTrigger(
            "decision_not_by_the_examiner", "certificates_certificationdecision", "INSERT", EXAMINED,
            "who invigilated or examined a person does not decide on them",
        ),
        Trigger(
            "decision_names_the_applicant", "certificates_certificationdecision", "INSERT", OTHER_APPLICANT,
            "a decision names the applicant of its application",
        ),
        ForbidChange("certificates_certificationdecision", "a decision is never changed"),
        ForbidChange("certificates_certificatestatuschange", "the history of a certificate is append-only"),
        Trigger(
            "application_moves", "certificates_application", "UPDATE", illegal_move(APPLICATION_MOVES),
            "an application is decided or withdrawn once",
        ),
        Trigger(
            "application_evidence", "certificates_application", "UPDATE",
            changed("scheme_id", "applicant_id", "cycle", "evidence", "partner_id", "cohort_id", "opened_at"),
            "the evidence of an application stays as it stood",
        ),
        Trigger(
            "certificate_issued", "certificates_certificate", "UPDATE", changed(*ISSUED),
            "what was issued stays as issued",
        ),
        Trigger(
            "certificate_moves", "certificates_certificate", "UPDATE", illegal_move(CERTIFICATE_MOVES),
            "this certificate cannot move to that status",
        ),
        Trigger("certificate_kept", "certificates_certificate", "DELETE", "TRUE", "a certificate is never deleted"),
        Trigger(
            "document_stored", "certificates_rendereddocument", "UPDATE",
            "OLD.status = 'stored' AND " + changed("status", "file", "size", "sha256", "stored_at", "certificate_id"),
            "a stored document never changes",
        ),
        Trigger(
            "document_kept", "certificates_rendereddocument", "DELETE", "OLD.status = 'stored'",
            "a stored document is never deleted",
        ),
        Trigger(
            "template_used", "certificates_certificatetemplate", "UPDATE",
            "EXISTS (SELECT 1 FROM certificates_certificate issued WHERE issued.template_id = OLD.id) AND " + changed(*PRINTED),
            "a template that was used never changes",
        ),
        Trigger(
            "scheme_moves", "certificates_certificationscheme", "UPDATE", illegal_move(SCHEME_MOVES),
            "a scheme goes from draft to active to retired",
        ),
        Trigger(
            "scheme_in_force", "certificates_certificationscheme", "UPDATE",
            "OLD.status <> 'draft' AND " + changed(*DEMANDED),
            "a scheme in force never changes; make its next version",
        ),
        Trigger(
            "requirement_added", "certificates_schemerequirement", "INSERT", scheme_in_use("NEW"),
            "a scheme in force demands what it demanded",
        ),
        Trigger(
            "requirement_changed", "certificates_schemerequirement", "UPDATE", scheme_in_use("OLD"),
            "a scheme in force demands what it demanded",
        ),
        Trigger(
            "requirement_removed", "certificates_schemerequirement", "DELETE", scheme_in_use("OLD"),
            "a scheme in force demands what it demanded",
        ),
    ]
