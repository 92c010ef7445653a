from wagtail import hooks

from certificates.viewsets import CertificationViewSetGroup


@hooks.register("register_admin_viewset")
def certification_viewsets() -> CertificationViewSetGroup:
    return CertificationViewSetGroup()
