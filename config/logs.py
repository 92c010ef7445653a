"""Structured logs: one JSON object a line, and no personal data in it."""

import os

import structlog
from structlog.typing import EventDict, Processor

# Values under these names never reach a log line, whoever put them there.
NEVER_LOGGED = frozenset(
    {"email", "password", "token", "lease", "response", "name", "full_name", "session_key", "secret", "body", "phone"}
)


def drop_personal(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Blank personal and secret values, at any depth that structlog hands us."""
    return {key: "[withheld]" if key in NEVER_LOGGED else value for key, value in event.items()}


shared_processors: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    drop_personal,
]

structlog.configure(
    processors=[*shared_processors, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": shared_processors,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
    "loggers": {
        "touchstone": {"level": os.environ.get("LOG_LEVEL", "INFO")},
        "django.request": {"level": "ERROR"},
        "celery": {"level": os.environ.get("LOG_LEVEL", "WARNING")},
    },
}
