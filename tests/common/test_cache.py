"""The cache's server going away and coming back, seen from whoever uses the cache."""

import pytest

from common.cache import ForgivingRedisCache
from tests.harness.environment import free_port


@pytest.fixture
def lonely():
    """A cache whose server does not exist."""
    cache = ForgivingRedisCache(f"redis://127.0.0.1:{free_port()}/0", {"OPTIONS": {"socket_connect_timeout": 1}})
    yield cache
    cache.own_memory.clear()


def test_a_process_remembers_for_itself_while_the_server_is_away(lonely):
    lonely.set("limit", 4)

    assert lonely.get("limit") == 4
    assert lonely.incr("limit") == 5
    assert lonely.get_many(["limit", "nothing"]) == {"limit": 5}
    assert lonely.delete("limit") is True
    assert lonely.get("limit", "gone") == "gone"


def test_a_mark_against_replay_still_holds_without_the_server(lonely):
    assert lonely.add("used-code", 1) is True
    assert lonely.add("used-code", 1) is False


def test_the_server_is_asked_first(broker):
    here = ForgivingRedisCache(broker.url, {})
    there = ForgivingRedisCache(broker.url, {})

    here.set("shared", "yes")

    assert there.get("shared") == "yes"
    assert here.own_memory.get("shared") is None
