"""The environment, typed: each variable once, with its default and what it is for.

A wrong value stops the program at start with a sentence naming the variable.
"""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from typing import NoReturn
from urllib.parse import unquote, urlsplit

from environs import Env, EnvError

BASE_DIR = Path(__file__).resolve().parent.parent


def stop(sentence: str) -> NoReturn:
    """End the program before it half-starts, in words an operator can act on."""
    sys.stderr.write(f"Touchstone cannot start: {sentence}\n")
    raise SystemExit(78)


class Environment:
    """Reads variables; every refusal names the variable and what it should hold."""

    def __init__(self) -> None:
        self._env = Env()
        if (BASE_DIR / ".env").exists():
            self._env.read_env(str(BASE_DIR / ".env"), recurse=False)

    def text(self, name: str, default: str = "") -> str:
        return os.environ.get(name, default).strip()

    def flag(self, name: str, default: bool) -> bool:
        try:
            return self._env.bool(name, default)
        except EnvError:
            stop(f"{name} should be true or false, and is {os.environ[name]!r}.")

    def number(self, name: str, default: int, *, at_least: int = 0) -> int:
        try:
            number = self._env.int(name, default)
        except EnvError:
            stop(f"{name} should be a whole number, and is {os.environ[name]!r}.")
        if number < at_least:
            stop(f"{name} should be at least {at_least}, and is {number}.")
        return number

    def words(self, name: str, default: list[str]) -> list[str]:
        return [word.strip() for word in self.text(name, ",".join(default)).split(",") if word.strip()]

    def folder(self, name: str, default: Path) -> Path:
        return Path(self.text(name, str(default))).expanduser().resolve()

    def url(self, name: str, default: str, schemes: tuple[str, ...]) -> str:
        value = self.text(name, default)
        if urlsplit(value).scheme not in schemes:
            stop(f"{name} should be an address starting with one of {', '.join(schemes)}, and is {value!r}.")
        return value

    def secret_key(self, *, kept_in: Path, production: bool) -> str:
        """SECRET_KEY, or in the embedded default one drawn once and kept beside the data."""
        key = self.text("SECRET_KEY")
        if production and len(key) < 50:
            stop("SECRET_KEY should hold at least 50 random characters when PRODUCTION is true.")
        if key:
            return key
        if not kept_in.exists():
            kept_in.parent.mkdir(parents=True, exist_ok=True)
            kept_in.touch(mode=0o600)
            kept_in.write_text(secrets.token_urlsafe(48))
        return kept_in.read_text().strip()


def database(url: str) -> dict[str, object]:
    """Django's DATABASES entry for `sqlite:///path` or `postgresql://user:password@host:port/name`."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            # Three slashes: below the project; four: an absolute path.
            "NAME": str(BASE_DIR / unquote(parts.path)[1:]),
            # Opening costs more than a save, and closing the last connection folds the whole log into the file.
            "CONN_MAX_AGE": None,
            # Writers queue for the lock instead of failing half-way; an acknowledged answer is on the disk.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # Preparing on the server halves what a save costs the database.
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 2},
    }
