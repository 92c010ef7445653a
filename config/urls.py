"""Every door of the site, in one list."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from accounts.views import set_language
from common.views import healthz, readyz

login_door = RedirectView.as_view(pattern_name="account_login", query_string=True)
reset_door = RedirectView.as_view(pattern_name="account_reset_password")
profile_door = RedirectView.as_view(pattern_name="accounts:profile")


def closed_door(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    # Wagtail mounts login doors of its own, without a second factor: ours stand in front of them.
    path("admin/login/", login_door),
    path("admin/password_reset/", reset_door),
    # A person has one profile, and it is not in the back office.
    path("admin/account/", profile_door),
    path("_util/login/", login_door),
    # Wagtail's bulk actions on people change roles without an audit entry.
    path("admin/bulk/accounts/user/<path:action>", closed_door),
    # Fails on purpose, for people who write error pages: every visit would be an alarm.
    path("admin/failwhale/", closed_door),
    path("admin/", include(wagtailadmin_urls)),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("documents/", include(wagtaildocs_urls)),
    path("i18n/setlang/", set_language, name="set_language"),
    path("exams/", include("exams.urls")),
    path("learn/", include("courses.urls")),
    path("standards/", include("cms.catalogue_urls")),
    path("", include("certificates.urls")),
    path("demo/", include("demo.urls")),
    path("", include("portal.urls")),
    path("", include("cms.urls")),
]

if not settings.PRODUCTION:
    # In production the proxy or the object store serves public media.
    urlpatterns += [re_path(r"^media/(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT})]

urlpatterns += i18n_patterns(path("", include(wagtail_urls)), prefix_default_language=True)
