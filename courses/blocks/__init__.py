"""The blocks lessons and plain pages are made of, one file per family."""

from courses.blocks.bodies import LessonBody, PlainBody

__all__ = ["LessonBody", "PlainBody"]
