"""A load of keep-alive connections: each sends, waits for the answer, sends again. Its own process, in plain asyncio.

Reads {"port", "seconds", "connections", "requests": "save" or a path, "seats"}; prints the counts, seconds, p50 and p99.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time


def save_request(seat: dict, seq: int) -> bytes:
    body = json.dumps({"seq": seq, "lease": seat["lease"], "response": {"value": str(seq)}}).encode()
    head = (
        f"PUT /exams/attempts/{seat['uuid']}/responses/3/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Attempt-Token: {seat['token']}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def one(plan: dict, number: int, took: list[float], bad: list[str], until: float) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", plan["port"])
    saves = plan["requests"] == "save"
    seat = plan["seats"][number % len(plan["seats"])] if saves else {}
    plain = f"GET {plan['requests']} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    seq = plan.get("first_seq", 1)
    while time.perf_counter() < until:
        began = time.perf_counter()
        writer.write(save_request(seat, seq) if saves else plain)
        seq += 1
        head = await reader.readuntil(b"\r\n\r\n")
        lengths = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")]
        length = int(lengths[0].split(b":")[1])
        body = await reader.readexactly(length)
        took.append(time.perf_counter() - began)
        if b" 200 " not in head[:20]:
            bad.append(f"{head[:30]!r} {body[:200]!r}")
    writer.close()


async def main() -> None:
    plan = json.loads(sys.stdin.read())
    took: list[float] = []
    bad: list[str] = []
    began = time.perf_counter()
    await asyncio.gather(*(one(plan, number, took, bad, began + plan["seconds"]) for number in range(plan["connections"])))
    spent = time.perf_counter() - began
    took.sort()
    answer = {"done": len(took), "seconds": spent, "p50": took[len(took) // 2], "p99": took[int(len(took) * 0.99)]}
    print(json.dumps({**answer, "bad": len(bad), "first_bad": bad[:1]}))


asyncio.run(main())
