"""`make worker`: one more Celery worker, started again whenever it ends by itself.

It does end by itself: when the broker goes away at the wrong moment, closing the old connection can raise inside the
library (kombu, all versions seen) and the process exits with 1. Whoever runs workers otherwise keeps them up the same
way, for instance by systemd's Restart=always.
"""

from __future__ import annotations

import os
import sys

from scripts.supervisor import Program, Supervisor

QUEUES = "default,documents,media"
PATIENCE_SECONDS = 20  # a task in hand may finish; what it does not finish, the sweeper rings for again


def worker_command(*options: str) -> list[str]:
    """Gossip and mingle serve clusters that watch each other; ours need the broker only."""
    celery = [sys.executable, "-m", "celery", "--app=config", "worker", f"--queues={QUEUES}"]
    return [*celery, "--without-gossip", "--without-mingle", *options]


def main() -> int:
    supervisor = Supervisor(None, lambda sentence: print(sentence, flush=True))
    supervisor.listen()
    options = sys.argv[1:] or ["--loglevel=INFO"]
    supervisor.start(Program("worker", worker_command(*options), patience_seconds=PATIENCE_SECONDS))
    try:
        return supervisor.run()
    finally:
        supervisor.end()


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    raise SystemExit(main())
