"""The life of a scheme: drafted, activated once, replaced by its next version."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.actions.audit import record
from accounts.models import User
from certificates.errors import SchemeIncomplete, SchemeInForce
from certificates.models import CertificateTemplate, CertificationScheme, SchemeRequirement
from certificates.rules import can_edit_schemes
from common.errors import NotPermitted

Status = CertificationScheme.Status


@transaction.atomic
def activate_scheme(scheme: CertificationScheme, *, by: User | None, at: datetime | None = None) -> CertificationScheme:
    """Put a draft in force; the version in force so far retires. Safe to call again."""
    if by is not None and not can_edit_schemes(by):
        raise NotPermitted
    scheme = CertificationScheme.objects.select_for_update().get(pk=scheme.pk)
    if scheme.status == Status.ACTIVE:
        return scheme
    if scheme.status != Status.DRAFT:
        raise SchemeInForce
    if not (scheme.requirements.exists() and scheme.scope.strip() and scheme.scope_zh.strip()):
        raise SchemeIncomplete
    at = at or timezone.now()
    for previous in CertificationScheme.objects.select_for_update().filter(code=scheme.code, status=Status.ACTIVE):
        previous.status = Status.RETIRED
        previous.save(update_fields=["status"])
        record("scheme.retire", previous, by=by, summary=str(previous), at=at)
    scheme.status, scheme.activated_at = Status.ACTIVE, at
    scheme.save(update_fields=["status", "activated_at"])
    demands = [str(requirement) for requirement in scheme.requirements.select_related("course", "exam")]
    record("scheme.activate", scheme, by=by, summary=str(scheme), details={"demands": demands}, at=at)
    return scheme


@transaction.atomic
def start_next_version(scheme: CertificationScheme, *, by: User) -> CertificationScheme:
    """A draft with the same words and demands, to be changed and activated. One draft of a code at a time."""
    if not can_edit_schemes(by):
        raise NotPermitted
    versions = CertificationScheme.objects.select_for_update().filter(code=scheme.code)
    draft = versions.filter(status=Status.DRAFT).first()
    if draft is not None:
        return draft
    newest = versions.aggregate(newest=Max("version"))["newest"]
    draft = CertificationScheme.objects.create(
        code=scheme.code,
        version=newest + 1,
        title=scheme.title,
        title_zh=scheme.title_zh,
        track=scheme.track,
        level=scheme.level,
        scope=scheme.scope,
        scope_zh=scheme.scope_zh,
        validity_months=scheme.validity_months,
    )
    SchemeRequirement.objects.bulk_create(
        SchemeRequirement(scheme=draft, kind=each.kind, course=each.course, exam=each.exam)
        for each in scheme.requirements.select_related("course", "exam")
    )
    record("scheme.draft", draft, by=by, summary=str(draft))
    return draft


@transaction.atomic
def start_next_template(template: CertificateTemplate, *, by: User, **printed: str) -> CertificateTemplate:
    """A new look or signatory is a new revision; certificates printed before keep theirs."""
    if not can_edit_schemes(by):
        raise NotPermitted
    revisions = CertificateTemplate.objects.select_for_update().filter(code=template.code)
    newest = revisions.aggregate(newest=Max("revision"))["newest"] or 0
    revisions.filter(is_current=True).update(is_current=False)
    fields = ("design", "signatory_name", "signatory_name_zh", "signatory_role", "signatory_role_zh")
    words = {field: printed.get(field, getattr(template, field)) for field in fields}
    revision = CertificateTemplate.objects.create(code=template.code, revision=newest + 1, is_current=True, **words)
    record("template.revise", revision, by=by, summary=str(revision), details=words)
    return revision
