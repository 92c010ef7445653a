"""What the sweeper does: state rows are the truth, messages only nudge (invariant 11)."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.utils import timezone

from certificates.actions.applications import open_application_if_eligible
from certificates.actions.corrected import note_corrected_result
from certificates.actions.exports import discard_expired_exports
from certificates.queries import due_documents, due_exports, missed_applications
from certificates.queries.corrected import missed_corrections
from common.events import ring

log = structlog.get_logger("touchstone.certificates")

# More than a worker makes between two sweeps would only fill the queue with doubles.
MOST_AT_ONCE = 500


def sweep_certificates(*, at: datetime | None = None) -> dict[str, int]:
    """Open applications nobody opened, ring for documents and exports nobody is making; says how many."""
    from certificates.tasks import render_document_task, render_register_export_task

    now = at or timezone.now()
    opened = sum(1 for person, scheme in missed_applications() if open_application_if_eligible(person, scheme, at=now))
    documents = list(due_documents(now).values_list("pk", flat=True)[:MOST_AT_ONCE])
    exports = list(due_exports(now).values_list("pk", flat=True)[:MOST_AT_ONCE])
    for document_id in documents:
        ring(render_document_task, document_id)
    for export_id in exports:
        ring(render_register_export_task, export_id)
    noted = sum(1 for change in missed_corrections()[:MOST_AT_ONCE] if note_corrected_result(change.pk, at=now))
    done = {
        "opened": opened,
        "noted": noted,
        "documents": len(documents),
        "exports": len(exports),
        "discarded": discard_expired_exports(at=now),
    }
    if any(done.values()):
        log.info("swept", **done)
    return done
