from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("login/staff/", views.back_office_door, name="back_office_door"),
    path("texts/<slug:purpose>/", views.agreed_text, name="text"),
]
