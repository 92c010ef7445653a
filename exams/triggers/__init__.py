"""What the database itself refuses, on SQLite and on PostgreSQL alike.

On SQLite a migration that rebuilds one of these tables drops its triggers: the last migration of the app runs `install`,
and a later one that touches these tables must end with it too. `exams.integrity` names every trigger that is missing.
"""
