from django.urls import path

from courses.views import films, learning, practice

app_name = "courses"
urlpatterns = [
    path("", learning.my_courses, name="mine"),
    path("courses/<str:code>/", learning.course, name="course"),
    path("courses/<str:code>/enrol/", learning.enrol, name="enrol"),
    path("courses/<str:code>/leave/", learning.leave, name="leave"),
    path("courses/<str:code>/resume/", learning.resume, name="resume"),
    path("films/<int:document_id>/", films.film, name="film"),
    path("lessons/<str:code>/", learning.lesson, name="lesson"),
    path("lessons/<str:code>/read/", learning.read, name="read"),
    path("lessons/<str:code>/practice/<slug:key>/", practice.answer, name="practice"),
]
