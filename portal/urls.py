"""Signed-in homes: the learner's, and a partner's pages under /partners/<slug>/."""

from django.urls import URLPattern, URLResolver, include, path

from portal.views import cohorts, home, invitations, partners, register, rosters

app_name = "portal"

partner_urlpatterns = [
    path("", partners.partner, name="partner"),
    path("members/", partners.members, name="members"),
    path("members/<int:pk>/end/", partners.member_end, name="member_end"),
    path("cohorts/", cohorts.cohorts, name="cohorts"),
    path("cohorts/new/", cohorts.cohort_new, name="cohort_new"),
    path("cohorts/<uuid:uuid>/", cohorts.cohort, name="cohort"),
    path("cohorts/<uuid:uuid>/edit/", cohorts.cohort_edit, name="cohort_edit"),
    path("cohorts/<uuid:uuid>/start/", cohorts.cohort_move, {"move": "start"}, name="cohort_start"),
    path("cohorts/<uuid:uuid>/finish/", cohorts.cohort_move, {"move": "finish"}, name="cohort_finish"),
    path("cohorts/<uuid:uuid>/invite/", cohorts.cohort_invite, name="cohort_invite"),
    path("cohorts/<uuid:uuid>/register/", cohorts.cohort_register, name="cohort_register"),
    path("cohorts/<uuid:uuid>/places/<uuid:place_uuid>/leave/", cohorts.place_leave, name="place_leave"),
    path("cohorts/<uuid:uuid>/roster/", rosters.roster, name="roster"),
    path("rosters/<uuid:uuid>/", rosters.roster_preview, name="roster_preview"),
    path("rosters/<uuid:uuid>/apply/", rosters.roster_apply, name="roster_apply"),
    path("rosters/<uuid:uuid>/compare/", rosters.roster_compare, name="roster_compare"),
    path("rosters/<uuid:uuid>/discard/", rosters.roster_discard, name="roster_discard"),
    path("rosters/<uuid:uuid>/report.csv", rosters.roster_report, name="roster_report"),
    path("invitations/<uuid:uuid>/resend/", invitations.resend, name="invitation_resend"),
    path("invitations/<uuid:uuid>/withdraw/", invitations.withdraw, name="invitation_withdraw"),
    path("register/", register.register, name="register"),
    path("register/register.csv", register.register_csv, name="register_csv"),
    path("register/register.xlsx", register.register_xlsx, name="register_xlsx"),
    path("register/zip/", register.register_zip, name="register_zip"),
    path("exports/<uuid:uuid>/", register.export, name="export"),
    path("exports/<uuid:uuid>/file/", register.export_file, name="export_file"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("home/", home.home, name="home"),
    path("home/invitations/<uuid:uuid>/accept/", invitations.accept, name="invitation_accept"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("partners/<slug:slug>/", include(partner_urlpatterns)),
    path("officer/", include("portal.officer.urls")),
]
