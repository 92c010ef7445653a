from django.conf import settings
from django.contrib.sitemaps.views import sitemap
from django.urls import URLPattern, URLResolver, path

from cms import doors, seo, styleguide, views

app_name = "cms"
urlpatterns: list[URLPattern | URLResolver] = [
    path("tracks/", doors.tracks, name="tracks"),
    path("search/", views.search, name="search"),
    path("sitemap.xml", sitemap, {"sitemaps": seo.SITEMAPS}, name="sitemap"),
    path("robots.txt", seo.robots, name="robots"),
]

if not settings.PRODUCTION:
    urlpatterns += [path("styleguide/", styleguide.styleguide, name="styleguide")]
