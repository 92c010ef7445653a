from certificates.models.applications import Application, CertificationDecision
from certificates.models.certificates import Certificate, CertificateStatusChange, CertificateTemplate
from certificates.models.corrected import CorrectedResult
from certificates.models.documents import RegisterExport, RenderedDocument
from certificates.models.schemes import CertificationScheme, SchemeRequirement

__all__ = [
    "Application",
    "Certificate",
    "CertificateStatusChange",
    "CertificateTemplate",
    "CertificationDecision",
    "CertificationScheme",
    "CorrectedResult",
    "RegisterExport",
    "RenderedDocument",
    "SchemeRequirement",
]
