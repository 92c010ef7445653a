"""What shared caches may keep."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers, patch_cache_control, patch_vary_headers
from django.utils.translation import get_language_from_path, get_language_from_request

PUBLIC_SECONDS = 300
YEAR_SECONDS = 365 * 24 * 3600


def public_page(request: HttpRequest, response: HttpResponse, *, seconds: int = PUBLIC_SECONDS) -> HttpResponse:
    """Let caches keep what a stranger was shown. Signed-in people's pages, and pages that carry a form token or set a
    cookie, are theirs alone; decided after rendering, because only then is it known."""

    def decide(rendered: HttpResponse) -> None:
        _remember_language(request, rendered)
        patch_vary_headers(rendered, ["Cookie", "Accept-Language"])
        if _is_personal(request, rendered):
            add_never_cache_headers(rendered)
        elif rendered.status_code == 200:
            patch_cache_control(rendered, public=True, max_age=seconds)

    if hasattr(response, "add_post_render_callback"):
        response.add_post_render_callback(decide)
    else:
        decide(response)
    return response


def _remember_language(request: HttpRequest, response: HttpResponse) -> None:
    """Whoever reads /zh-hans/… with an English browser goes on in Chinese where addresses name no language."""
    chosen = get_language_from_path(request.path_info)
    if chosen is None or request.user.is_authenticated or chosen == get_language_from_request(request):
        return
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=YEAR_SECONDS,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )


def _is_personal(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        request.user.is_authenticated
        or settings.SESSION_COOKIE_NAME in request.COOKIES
        or "CSRF_COOKIE_NEEDS_UPDATE" in request.META
        or bool(response.cookies)
    )
