"""The shared cache, forgiving: while its server is away each process remembers for itself.

Rate limits, replay marks and page addresses live in the cache. None of them is worth a failed request when the
server restarts (invariant 11's spirit), and none may simply vanish either: a login limit that counts per process
is weaker than one that counts for all, but it still counts.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

log = structlog.get_logger("touchstone.cache")

# How long a server that did not answer is left alone, so that an unreachable one costs one wait and not one a call.
SECONDS_LEFT_ALONE = 5.0


def _forgiving(name: str) -> Callable[..., Any]:
    ask_server = getattr(RedisCache, name)

    @wraps(ask_server)
    def ask(self: ForgivingRedisCache, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= self.away_until:
            try:
                return ask_server(self, *args, **kwargs)
            except (RedisConnectionError, RedisTimeoutError) as error:
                self.away_until = time.monotonic() + SECONDS_LEFT_ALONE
                log.warning("cache_unreachable", error=type(error).__name__)
        return getattr(self.own_memory, name)(*args, **kwargs)

    return ask


class ForgivingRedisCache(RedisCache):
    """Redis or Valkey; this process's own memory while that is away."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        # What RedisCache is told about its connection means nothing to memory.
        self.own_memory = LocMemCache("while-the-cache-is-away", {**params, "OPTIONS": {"MAX_ENTRIES": 10_000}})
        self.away_until = 0.0

    add = _forgiving("add")
    get = _forgiving("get")
    set = _forgiving("set")
    touch = _forgiving("touch")
    delete = _forgiving("delete")
    get_many = _forgiving("get_many")
    has_key = _forgiving("has_key")
    incr = _forgiving("incr")
    set_many = _forgiving("set_many")
    delete_many = _forgiving("delete_many")
    clear = _forgiving("clear")
