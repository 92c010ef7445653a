"""The officer's desk under /officer/."""

from django.urls import path

from portal.officer import applications, certificates, corrected, documents, results

urlpatterns = [
    path("", applications.desk, name="officer"),
    path("applications/", applications.applications, name="officer_applications"),
    path("applications/<uuid:uuid>/", applications.application, name="officer_application"),
    path("certificates/", certificates.certificates, name="officer_certificates"),
    path("certificates/<uuid:uuid>/", certificates.certificate, name="officer_certificate"),
    path("certificates/<uuid:uuid>/suspend/", certificates.move, {"verb": "suspend"}, name="officer_suspend"),
    path("certificates/<uuid:uuid>/reinstate/", certificates.move, {"verb": "reinstate"}, name="officer_reinstate"),
    path("certificates/<uuid:uuid>/withdraw/", certificates.move, {"verb": "withdraw"}, name="officer_withdraw"),
    path("certificates/<uuid:uuid>/correct/", certificates.correct, name="officer_correct"),
    path("documents/", documents.documents, name="officer_documents"),
    path("documents/<int:pk>/again/", documents.again, name="officer_document_again"),
    path("corrected/", corrected.corrected, name="officer_corrected"),
    path("corrected/<int:pk>/settle/", corrected.settle, name="officer_corrected_settle"),
    path("results/", results.results, name="officer_results"),
]
