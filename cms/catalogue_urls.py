"""The public catalogue. It stands above `standards` because a standard's page lists the lessons that teach it."""

from django.urls import path

from cms import views

app_name = "standards"
urlpatterns = [
    path("", views.standard_list, name="list"),
    path("export.csv", views.standard_export, name="export"),
    path("competences/", views.competence_list, name="competences"),
    path("<slug:slug>/", views.standard_detail, name="detail"),
]
