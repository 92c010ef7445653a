"""The candidate's doors. PUT …/responses/<position>/ is answered by exams.middleware before any of these."""

from django.urls import path

from exams.views import (
    appeals,
    breaks,
    candidates,
    door,
    late,
    pictures,
    practice,
    room,
    room_sections,
    room_tools,
    uploads,
)

app_name = "exams"
urlpatterns = [
    path("", candidates.my_exams, name="list"),
    path("sittings/", candidates.sittings, name="sittings"),
    path("sittings/<uuid:uuid>/register/", candidates.register, name="register"),
    path("practice/", practice.practice, name="practice"),
    path("device/", practice.device, name="device"),
    path("device/clock/", practice.device_clock, name="device_clock"),
    path("registrations/<uuid:uuid>/", door.registration, name="registration"),
    path("registrations/<uuid:uuid>/door/", door.door, name="door"),
    path("registrations/<uuid:uuid>/cancel/", candidates.cancel, name="cancel"),
    path("registrations/<uuid:uuid>/start/", room.start, name="start"),
    path("logged-in/", room.logged_in, name="logged_in"),
    path("attempts/<uuid:uuid>/", room.room, name="room"),
    path("attempts/<uuid:uuid>/paper/", room.paper, name="paper"),
    path("attempts/<uuid:uuid>/state/", room.state, name="state"),
    path("attempts/<uuid:uuid>/submit/", room.submit, name="submit"),
    path("attempts/<uuid:uuid>/break/", breaks.take, name="take_break"),
    path("attempts/<uuid:uuid>/break/end/", breaks.end, name="end_break"),
    path("attempts/<uuid:uuid>/responses/<int:position>/", room.response, name="response"),
    path("attempts/<uuid:uuid>/late/", late.late, name="late"),
    path("attempts/<uuid:uuid>/sections/<int:number>/open/", room_sections.open_one, name="section"),
    path("attempts/<uuid:uuid>/tools/<int:position>/", room_tools.tools, name="tools"),
    path("attempts/<uuid:uuid>/uploads/<int:position>/", uploads.upload, name="upload"),
    path("pictures/<uuid:uuid>/", pictures.picture, name="picture"),
    path("results/<uuid:uuid>/", candidates.result, name="result"),
    path("results/<uuid:uuid>/appeal/", appeals.appeal, name="appeal"),
    path("appeals/<uuid:uuid>/withdraw/", appeals.withdraw, name="appeal_withdraw"),
]
