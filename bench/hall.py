"""A hall of candidates, each on a connection of their own: start, read the paper, answer, listen, hand in. Plain asyncio.

Reads {"port", "places", "start_seconds", "answer_seconds", "answers", "hand_in_seconds"}; prints per kind of request how
many and how long (p50, p95, p99, longest), how many answers were acknowledged, and how many of them no receipt has.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections import defaultdict
from typing import Any

HEARTBEAT = 15.0
TOOK: dict[str, list[float]] = defaultdict(list)
BAD: list[str] = []


class Candidate:
    def __init__(self, plan: dict[str, Any], number: int) -> None:
        self.plan, self.number, self.place = plan, number, plan["places"][number]
        self.acknowledged: dict[int, int] = {}
        self.sent = 0

    async def sit(self, began: float) -> int:
        """The whole exam; how many acknowledged answers its receipt lacks."""
        plan, of = self.plan, len(self.plan["places"])
        await _until(began + plan["start_seconds"] * self.number / of)
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", plan["port"])
        await self.start()
        await self.answer_all(began + plan["start_seconds"])
        bell = began + plan["start_seconds"] + plan["answer_seconds"] + 2
        await _until(bell + plan["hand_in_seconds"] * self.number / of)
        _status, receipt = await self.ask("hand-in", "POST", f"{self.home}submit/", {"lease": self.lease}, self.token)
        self.writer.close()
        stored = receipt.get("responses", {})
        return sum(1 for position, seq in self.acknowledged.items() if stored.get(str(position), 0) < seq)

    async def start(self) -> None:
        headers = {"Cookie": self.place["cookies"], "X-CSRFToken": self.place["csrf"], "Accept": "application/json"}
        address = f"/exams/registrations/{self.place['registration']}/start/"
        _status, started = await self.ask("start", "POST", address, None, headers, good=(200, 201))
        self.home, self.lease = f"/exams/attempts/{started['attempt']}/", started["lease"]
        self.token = {"X-Attempt-Token": started["token"], "Cookie": self.place["cookies"]}
        _status, paper = await self.ask("paper", "GET", f"{self.home}paper/", None, self.token)
        positions = [position for section in paper["sections"] for position in section["positions"]]
        self.numbers = [position["position"] for position in positions if position["type"] == "numeric"]

    async def answer_all(self, began: float) -> None:
        """Answers spread over the time, with a heartbeat as the room sends it."""
        chance = random.Random(self.number)
        moments = sorted(chance.uniform(0, self.plan["answer_seconds"]) for _each in range(self.plan["answers"]))
        beat = began + chance.uniform(0, HEARTBEAT)
        for number, moment in enumerate(moments):
            while beat < began + moment:
                await _until(beat)
                await self.ask("heartbeat", "GET", f"{self.home}state/", None, self.token)
                beat += HEARTBEAT
            await _until(began + moment)
            position = self.numbers[number % len(self.numbers)]
            seq = self.acknowledged.get(position, 0) + 1
            body = {"seq": seq, "lease": self.lease, "response": {"value": str(number)}}
            status, _said = await self.ask("save", "PUT", f"{self.home}responses/{position}/", body, self.token)
            if status == 200:
                self.acknowledged[position] = seq
                self.sent += 1

    async def ask(
        self, kind: str, method: str, path: str, body: Any, headers: dict[str, str], good: tuple[int, ...] = (200,)
    ) -> tuple[int, Any]:
        content = json.dumps(body).encode() if body is not None else b""
        lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(content)}"]
        lines += ["Content-Type: application/json", *(f"{name}: {value}" for name, value in headers.items())]
        began = time.perf_counter()
        self.writer.write("\r\n".join([*lines, "", ""]).encode() + content)
        head = await self.reader.readuntil(b"\r\n\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
        answer = await self.reader.readexactly(int(fields[b"content-length"]))
        TOOK[kind].append(time.perf_counter() - began)
        status = int(head.split(b" ", 2)[1])
        if status not in good:
            BAD.append(f"{kind} {status} {answer[:200]!r}")
        return status, json.loads(answer)


async def _until(moment: float) -> None:
    await asyncio.sleep(max(0.0, moment - time.perf_counter()))


def _summary(took: list[float]) -> dict[str, float]:
    took.sort()
    at = {
        name: took[min(len(took) - 1, int(len(took) * share))] for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
    }
    return {"done": len(took), **at, "longest": took[-1]}


async def main() -> None:
    plan = json.loads(sys.stdin.read())
    hall = [Candidate(plan, number) for number in range(len(plan["places"]))]
    began = time.perf_counter() + 1
    lost = sum(await asyncio.gather(*(candidate.sit(began) for candidate in hall)))
    answered = sum(candidate.sent for candidate in hall)
    kinds = {kind: _summary(took) for kind, took in TOOK.items()}
    print(json.dumps({"kinds": kinds, "acknowledged": answered, "lost": lost, "bad": len(BAD), "first_bad": BAD[:2]}))


asyncio.run(main())
