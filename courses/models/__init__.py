from courses.models.courses import CohortCourse, Course, Lesson
from courses.models.enrolments import Enrolment, LessonCompletion, PracticeAnswer
from courses.models.pages import CoursePage, LessonPage

__all__ = [
    "CohortCourse",
    "Course",
    "CoursePage",
    "Enrolment",
    "Lesson",
    "LessonCompletion",
    "LessonPage",
    "PracticeAnswer",
]
