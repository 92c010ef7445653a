"""Schemes: drafted, activated once, never changed, succeeded by the next version; their pages."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts.models import AuditEntry, Role
from certificates import errors
from certificates.actions.applications import open_application_if_eligible
from certificates.actions.schemes import activate_scheme, start_next_template, start_next_version
from certificates.models import CertificateTemplate, CertificationScheme, SchemeRequirement
from common.errors import NotPermitted
from tests.factories.accounts import UserFactory, staff
from tests.factories.certificates import (
    make_application,
    make_certificate,
    make_course,
    make_exam,
    make_scheme,
    make_template,
    meet,
)
from tests.factories.standards import LevelFactory, TrackFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann():
    return staff(Role.ADMINISTRATOR, "Ann Admin")


def test_activating_is_audited_and_final(ann):
    scheme = activate_scheme(make_scheme(active=False), by=ann)
    assert scheme.status == "active"
    assert AuditEntry.objects.filter(act="scheme.activate").count() == 1
    assert activate_scheme(scheme, by=ann) == scheme
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        CertificationScheme.objects.filter(pk=scheme.pk).update(validity_months=1)
    with pytest.raises(DatabaseError, match="demands what it demanded"), transaction.atomic():
        SchemeRequirement.objects.create(scheme=scheme, kind="course_completed", course=make_course())
    with pytest.raises(DatabaseError, match="demands what it demanded"), transaction.atomic():
        scheme.requirements.all().delete()


def test_a_scheme_without_demands_is_not_activated(ann):
    with pytest.raises(errors.SchemeIncomplete):
        activate_scheme(make_scheme(active=False, courses=0, exams=0), by=ann)


@pytest.mark.parametrize("role", [Role.CERTIFICATION_OFFICER, Role.AUDITOR])
def test_only_administrators_activate(role):
    with pytest.raises(NotPermitted):
        activate_scheme(make_scheme(active=False), by=staff(role))


def test_the_next_version_carries_the_demands_and_retires_the_old(ann):
    first = make_scheme()
    draft = start_next_version(first, by=ann)
    assert draft.version == 2
    assert draft.status == "draft"
    assert {(r.course_id, r.exam_id) for r in draft.requirements.all()} == {
        (r.course_id, r.exam_id) for r in first.requirements.all()
    }
    assert start_next_version(first, by=ann) == draft
    activate_scheme(draft, by=ann)
    first.refresh_from_db()
    assert first.status == "retired"


def test_a_new_version_does_not_certify_everybody_again(ann):
    application = make_application()
    second = activate_scheme(start_next_version(application.scheme, by=ann), by=ann)
    assert open_application_if_eligible(application.applicant, second) == application


def test_a_template_that_was_used_never_changes(ann):
    certificate = make_certificate()
    template = certificate.template
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        CertificateTemplate.objects.filter(pk=template.pk).update(signatory_name="Somebody")
    revision = start_next_template(template, by=ann, signatory_name="New Head")
    template.refresh_from_db()
    certificate.refresh_from_db()
    assert (revision.revision, revision.is_current, template.is_current) == (template.revision + 1, True, False)
    assert certificate.template == template


def test_public_pages_show_active_schemes_only(client):
    active, draft = make_scheme(), make_scheme(active=False, title="Not yet")
    page = client.get(reverse("certificates:schemes")).content.decode()
    assert active.title in page
    assert "Not yet" not in page
    assert client.get(reverse("certificates:scheme", args=[active.code])).status_code == 200
    assert client.get(reverse("certificates:scheme", args=[draft.code])).status_code == 404


def test_the_scheme_page_tells_a_learner_what_is_missing(client):
    ada, scheme = UserFactory(full_name="Ada"), make_scheme()
    client.force_login(ada)
    assert "not yet" in client.get(reverse("certificates:scheme", args=[scheme.code])).content.decode()
    refused = client.post(reverse("certificates:apply", args=[scheme.code]))
    assert refused.status_code == 409
    meet(ada, scheme)
    page = client.get(reverse("certificates:scheme", args=[scheme.code])).content.decode()
    assert "Apply for this certificate" in page
    applied = client.post(reverse("certificates:apply", args=[scheme.code]))
    assert applied.status_code == 302
    assert ada.applications.count() == 1


def test_the_back_office_drafts_edits_and_activates(client, ann):
    client.force_login(ann)
    course, exam = make_course(), make_exam()
    make_template()
    fields = {
        "code": "TS-NEW",
        "track": TrackFactory().pk,
        "level": LevelFactory().pk,
        "validity_months": 24,
        "title": "New scheme",
        "title_zh": "新方案",
        "scope": "Scope",
        "scope_zh": "范围",
        "courses": [course.pk],
        "exams": [exam.pk],
    }
    answer = client.post(reverse("certification_schemes:add"), fields)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    scheme = CertificationScheme.objects.get(code="TS-NEW")
    assert scheme.requirements.count() == 2
    answer = client.post(reverse("certification_schemes:edit", args=[scheme.pk]), {**fields, "exams": []})
    assert answer.status_code == 302
    assert scheme.requirements.count() == 1
    assert client.get(reverse("certification_schemes:activate", args=[scheme.pk])).status_code == 200
    client.post(reverse("certification_schemes:activate", args=[scheme.pk]))
    scheme.refresh_from_db()
    assert scheme.status == "active"
    assert client.get(reverse("certification_schemes:index")).status_code == 200
    assert client.get(reverse("certification_schemes:inspect", args=[scheme.pk])).status_code == 200
    # In force, it can no longer be edited.
    refused = client.post(reverse("certification_schemes:edit", args=[scheme.pk]), fields)
    assert refused.status_code != 302
    assert scheme.requirements.count() == 1
    client.post(reverse("certification_schemes:next", args=[scheme.pk]))
    assert CertificationScheme.objects.filter(code="TS-NEW", version=2, status="draft").exists()


@pytest.mark.parametrize("role", [Role.CERTIFICATION_OFFICER, Role.AUTHOR])
def test_others_do_not_enter_the_scheme_pages(client, role):
    scheme = make_scheme(active=False)
    client.force_login(staff(role))
    assert client.get(reverse("certification_schemes:add")).status_code in (302, 403)
    client.post(reverse("certification_schemes:activate", args=[scheme.pk]))
    scheme.refresh_from_db()
    assert scheme.status == "draft"


def test_a_template_edit_is_a_new_revision(client, ann):
    template = make_template()
    client.force_login(ann)
    words = {"code": template.code, "design": "touchstone", "signatory_name": "New Head", "signatory_role": "Head"}
    answer = client.post(reverse("certificate_templates:edit", args=[template.pk]), words)
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    assert list(CertificateTemplate.objects.order_by("revision").values_list("signatory_name", "is_current")) == [
        ("Margaret Lin", False),
        ("New Head", True),
    ]
