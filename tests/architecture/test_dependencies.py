"""Packages depend downward only: by import, which import-linter sees, and by foreign key, which it does not."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model

from tests.harness.environment import PROJECT

CONTRACT = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
# The higher the level, the further up; packages that share one are strangers to each other.
LEVEL = {package.strip(): level for level, layer in enumerate(reversed(CONTRACT["layers"])) for package in layer.split("|")}
OURS = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in LEVEL]


def points_downward(source: str, target: str) -> bool:
    return source == target or LEVEL[source] > LEVEL[target]


def foreign_keys(model: type[Model]) -> list[tuple[str, str]]:
    """Every field of this model that names another, many-to-many included, with the package it points into."""
    found = []
    for field in model._meta.get_fields(include_hidden=True):
        if field.is_relation and not field.auto_created and isinstance(field.related_model, type):
            found.append((field.name, field.related_model._meta.app_label))
    return found


def test_imports_point_downward_only():
    outcome = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=PROJECT, capture_output=True, text=True
    )

    assert outcome.returncode == 0, outcome.stdout


def test_every_package_of_ours_has_its_layer():
    packages = {path.parent.name for path in PROJECT.glob("*/__init__.py")} - {"tests", "scripts", "bench"}

    assert packages == set(LEVEL)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_foreign_keys_point_downward_only(model):
    upward = [
        f"{model._meta.label}.{name} points up or sideways into {target}"
        for name, target in foreign_keys(model)
        if target in LEVEL and not points_downward(model._meta.app_label, target)
    ]

    assert upward == []


def test_the_foreign_key_test_sees_keys_and_many_to_many():
    assert ("applicant", "accounts") in foreign_keys(apps.get_model("certificates", "Application"))
    assert any(model._meta.auto_created for model in OURS), "no many-to-many table was looked at"
    assert not points_downward("courses", "exams")
    assert not points_downward("accounts", "partners")
    assert points_downward("certificates", "exams")
