"""What rests on a result: applications that name it as evidence, and the certificates that came of them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import translation

from accounts.models import User
from certificates.models import Application, Certificate, CorrectedResult
from exams.models import Remark, Result, ResultChange

LIVE_CERTIFICATES = ~Q(status=Certificate.Status.SUPERSEDED)


def applications_resting_on(result_uuids: Iterable[str]) -> list[tuple[Application, str]]:
    """Each application with the result it names; withdrawn ones rest on nothing. Two queries, whatever the number."""
    wanted = set(result_uuids)
    candidates = Result.objects.filter(uuid__in=wanted).values("attempt__registration__candidate")
    applications = Application.objects.filter(applicant__in=candidates).exclude(status=Application.Status.WITHDRAWN)
    return [
        (application, evidence["reference"])
        for application in applications.select_related("applicant", "scheme").order_by("pk")
        for evidence in application.evidence
        if evidence.get("reference") in wanted
    ]


def what_rests_on(result_uuids: Iterable[str]) -> list[dict[str, str]]:
    """In the form that exams.signals.what_rests_on_results asks for: a certificate where there is one, else the application."""
    resting = applications_resting_on(result_uuids)
    certificates = Certificate.objects.filter(
        LIVE_CERTIFICATES, decision__application__in=[application for application, _uuid in resting]
    )
    by_application = {each.decision.application_id: each for each in certificates.select_related("decision")}  # type: ignore[attr-defined]
    found = []
    for application, uuid in resting:
        certificate = by_application.get(application.pk)
        if certificate is None:
            found.append(_row(uuid, "application", str(application), _plain(application), f"applications/{application.uuid}"))
        else:
            name = f"{certificate.serial} – {application.applicant}"
            found.append(_row(uuid, "certificate", name, _plain(certificate), f"certificates/{certificate.uuid}"))
    return found


def _row(result: str, kind: str, name: str, status: str, page: str) -> dict[str, str]:
    """The page by its path: the desk belongs to the portal above, whose names are not known here."""
    return {"result": result, "kind": kind, "name": name, "status": status, "link": f"/officer/{page}/"}


def _plain(thing: Application | Certificate) -> str:
    """Its status in English: a stored word that the page of whoever reads it translates."""
    with translation.override("en"):
        return str(thing.get_status_display())


def turned_down() -> QuerySet[ResultChange]:
    """Committed corrections by which a released pass became none."""
    return ResultChange.objects.filter(
        remark__status=Remark.Status.COMMITTED,
        was_released=True,
        outcome_before=Result.Outcome.PASSED,
        outcome_after=Result.Outcome.FAILED,
    )


def missed_corrections() -> QuerySet[ResultChange]:
    """Those nobody noted, of people who applied for something: a lost message leaves them for the sweeper."""
    applied = Application.objects.filter(applicant=OuterRef("result__attempt__registration__candidate"))
    noted = CorrectedResult.objects.filter(change=OuterRef("pk"))
    return turned_down().filter(Exists(applied), ~Exists(noted)).order_by("pk")


def unsettled_corrections(user: User) -> QuerySet[CorrectedResult]:
    """What waits on the officers' desk, the oldest first."""
    return (
        CorrectedResult.objects.filter(settled_at=None, application__in=Application.objects.visible_to(user))
        .select_related("application__applicant", "application__scheme", "change__remark", "change__result")
        .prefetch_related("application__decision__certificates")
    )
