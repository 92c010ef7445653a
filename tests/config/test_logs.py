"""Log lines are JSON and carry no personal data."""

from __future__ import annotations

import json
import logging

import pytest
import structlog

from config.logs import LOGGING, NEVER_LOGGED, drop_personal


@pytest.mark.parametrize("name", sorted(NEVER_LOGGED))
def test_personal_and_secret_values_are_withheld(name):
    assert drop_personal(None, "info", {name: "Ada Lovelace", "attempt": 7}) == {name: "[withheld]", "attempt": 7}


def test_a_line_is_one_json_object_whoever_wrote_it():
    formatter_options = LOGGING["formatters"]["json"]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=formatter_options["foreign_pre_chain"], processors=formatter_options["processors"]
    )
    record = logging.LogRecord("celery.worker", logging.INFO, __file__, 1, "ready at %s\nnow", ("noon",), None)

    line = formatter.format(record)

    assert "\n" not in line
    assert json.loads(line)["event"] == "ready at noon\nnow"
    assert json.loads(line)["level"] == "info"
