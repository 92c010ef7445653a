"""The real settings, with one address more: answered where saves are, by nothing. It is the limit of that place."""

from config.settings import *  # noqa: F403
from config.settings import MIDDLEWARE

MIDDLEWARE = [MIDDLEWARE[0], "bench.trivial.TrivialMiddleware", *MIDDLEWARE[1:]]
