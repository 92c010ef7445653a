"""Verification for strangers, certificates and applications for their people, schemes for everybody."""

from django.urls import URLPattern, URLResolver, path, re_path

from certificates.views import holders, schemes, verification

app_name = "certificates"
urlpatterns: list[URLPattern | URLResolver] = [
    path("verify/", verification.verify, name="verify"),
    path("verify/document/", verification.upload, name="upload"),
    re_path(r"^verify/document/(?P<sha256>[0-9A-Fa-f]{64})/$", verification.document, name="document"),
    path("verify/<str:token>/", verification.status, name="status"),
    path("certification/", schemes.scheme_list, name="schemes"),
    path("certification/<str:code>/", schemes.scheme, name="scheme"),
    path("certification/<str:code>/apply/", holders.apply, name="apply"),
    path("certificates/", holders.mine, name="mine"),
    path("certificates/<uuid:uuid>/download/", holders.download, name="download"),
    path("certificates/applications/<uuid:uuid>/", holders.application, name="application"),
    path("certificates/applications/<uuid:uuid>/withdraw/", holders.application_withdraw, name="application_withdraw"),
]
