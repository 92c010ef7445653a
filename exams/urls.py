"""The candidate's doors. PUT …/responses/<position>/ is answered by exams.middleware before any of these."""

from django.urls import path

from exams.views import appeals, candidates, pictures, room, uploads

app_name = "exams"
urlpatterns = [
    path("", candidates.my_exams, name="list"),
    path("sittings/", candidates.sittings, name="sittings"),
    path("sittings/<uuid:uuid>/register/", candidates.register, name="register"),
    path("registrations/<uuid:uuid>/", candidates.registration, name="registration"),
    path("registrations/<uuid:uuid>/cancel/", candidates.cancel, name="cancel"),
    path("registrations/<uuid:uuid>/start/", room.start, name="start"),
    path("logged-in/", room.logged_in, name="logged_in"),
    path("attempts/<uuid:uuid>/", room.room, name="room"),
    path("attempts/<uuid:uuid>/paper/", room.paper, name="paper"),
    path("attempts/<uuid:uuid>/state/", room.state, name="state"),
    path("attempts/<uuid:uuid>/submit/", room.submit, name="submit"),
    path("attempts/<uuid:uuid>/responses/<int:position>/", room.response, name="response"),
    path("attempts/<uuid:uuid>/uploads/<int:position>/", uploads.upload, name="upload"),
    path("pictures/<uuid:uuid>/", pictures.picture, name="picture"),
    path("results/<uuid:uuid>/", candidates.result, name="result"),
    path("results/<uuid:uuid>/appeal/", appeals.appeal, name="appeal"),
    path("appeals/<uuid:uuid>/withdraw/", appeals.withdraw, name="appeal_withdraw"),
]
