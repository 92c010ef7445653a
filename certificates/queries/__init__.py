from certificates.queries.applications import (
    applications_for_desk,
    eligibility_of,
    missed_applications,
    open_applications_count,
    scheme_progress,
    schemes_asking_for_course,
    schemes_asking_for_exam,
)
from certificates.queries.documents import (
    due_documents,
    due_exports,
    expired_exports,
    parked_documents,
)
from certificates.queries.registers import (
    certificates_for_desk,
    certificates_of,
    certificates_past_their_end,
    exports_of,
    register_counts,
    register_of,
    register_rows,
)
from certificates.queries.verification import Answer, answer_for, find_by_document, find_by_serial_and_name, find_by_token

__all__ = [
    "Answer",
    "answer_for",
    "applications_for_desk",
    "certificates_for_desk",
    "certificates_of",
    "certificates_past_their_end",
    "due_documents",
    "due_exports",
    "eligibility_of",
    "expired_exports",
    "exports_of",
    "find_by_document",
    "find_by_serial_and_name",
    "find_by_token",
    "missed_applications",
    "open_applications_count",
    "parked_documents",
    "register_counts",
    "register_of",
    "register_rows",
    "scheme_progress",
    "schemes_asking_for_course",
    "schemes_asking_for_exam",
]
