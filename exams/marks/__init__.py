"""Marking as pure functions: what a rubric allows, what marks settle, who gets which answer. Nothing here asks a database."""
