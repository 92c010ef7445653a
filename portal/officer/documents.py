"""PDFs that could not be made: the reason, and a button."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from certificates.actions.documents import try_document_again
from certificates.models import RenderedDocument
from certificates.queries import parked_documents
from certificates.rules import is_officer
from portal.officer.access import at_the_desk, page_of


@at_the_desk
@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    context = {"tab": "documents", "may_act": is_officer(request.user), "page_obj": page_of(request, parked_documents())}
    return render(request, "portal/officer/documents.html", context)


@at_the_desk
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    try_document_again(get_object_or_404(RenderedDocument, pk=pk), by=request.user)
    messages.success(request, _("The document is being made again. It comes back here if it fails."))
    return redirect("portal:officer_documents")
