"""What search engines ask for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe
from wagtail.models import Page

from standards.models import Standard

CLOSED = ["/admin/", "/accounts/", "/home/", "/learn/", "/exams/", "/search/", "/partners/", "/officer/", "/verify/"]


class SiteSitemap(Sitemap):
    """Addresses as the operator states them, not as a request's Host header does."""

    def get_domain(self, site: Any = None) -> str:
        return settings.SITE_URL.partition("://")[2]

    def get_protocol(self, protocol: str | None = None) -> str:
        return settings.SITE_URL.partition("://")[0]


class PageSitemap(SiteSitemap):
    """Every live public page, each language version with the others beside it."""

    def items(self) -> list[Page]:
        return list(Page.objects.live().public().filter(depth__gt=1).select_related("locale").order_by("path"))

    def location(self, item: Page) -> str:
        return item.url or "/"

    def lastmod(self, item: Page) -> Any:
        return item.last_published_at

    def get_urls(self, page: int | str = 1, site: Any = None, protocol: str | None = None) -> list[dict[str, Any]]:
        urls = super().get_urls(page, site, protocol)
        versions: dict[Any, list[dict[str, str]]] = {}
        for url in urls:
            here = {"lang_code": url["item"].locale.language_code, "location": url["location"]}
            versions.setdefault(url["item"].translation_key, []).append(here)
        for url in urls:
            url["alternates"] = versions[url["item"].translation_key]
        return urls


class StandardSitemap(SiteSitemap):
    def items(self) -> Iterable[Standard]:
        return Standard.objects.order_by("slug")

    def location(self, item: Standard) -> str:
        return reverse("standards:detail", args=[item.slug])


SITEMAPS = {"pages": PageSitemap, "standards": StandardSitemap}


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may not fetch, and where the sitemap is."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), f"Sitemap: {settings.SITE_URL}/sitemap.xml", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
