"""Fills a bank and asks its list, in a process and a database of its own: `python -m bench.bank_list ITEMS`. Prints JSON.

Milliseconds of processor time, this process and the database's together, of whole answers of the page (all but the socket)
and of one plain pass over the words that a search has to read; the mean of five, since a database's time is told in
hundredths of a second. What a busy machine adds is not what is measured.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

TIMES = 5
AT_ONCE = 1000
ZH = "模型数据安全训练攻击防护日志密钥权限推理评估风险管理系统部署监测响应标注样本泄漏隐私合规审计边界网关"
LEVELS = ("remember", "understand", "apply", "analyse")
TYPES = ("single_choice", "multiple_response", "numeric", "short_text")


def main(items: int) -> None:
    import django

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["*"]
    fill(items)
    print(json.dumps({"pages": pages(), "look_up": look_ups(), **limits()}))


def fill(items: int) -> None:
    from django.db import connection
    from django.db.models import F

    from exams.models import ItemBank, ItemVersion
    from standards.models import Competence

    banks = [ItemBank.objects.create(code=f"bench-{number}", name="bench") for number in range(3)]
    competences = [Competence.objects.create(code=f"BN-{number}", title="bench") for number in range(20)]
    chance = random.Random(1)
    words = ["".join(chance.choices("etaoinshrdlucmfpb", k=chance.randint(3, 10))) for _ in range(4000)]
    numbers = iter(range(items))
    while batch := list(islice(numbers, AT_ONCE)):
        _store(batch, banks, competences, words, chance)
    # Every fifth is handed in; all begin as drafts, as the database wants it.
    fifths = ItemVersion.objects.annotate(rest=F("item_id") % 5).filter(rest=0)
    fifths.update(status=ItemVersion.Status.values[1])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _store(numbers: list[int], banks: list[Any], competences: list[Any], words: list[str], chance: random.Random) -> None:
    from exams.actions.indexing import found_in, store
    from exams.content import VersionContent, Wording
    from exams.models import Item, ItemVersion, ItemWording

    items = Item.objects.bulk_create(
        Item(
            bank=banks[number % 3],
            code=f"Q-{number:06}",
            type=TYPES[number % 4],
            competence=competences[number % 20],
            content_area=1 + number % 7,
            cognitive_level=LEVELS[number // 7 % 4],
        )
        for number in numbers
    )
    versions = ItemVersion.objects.bulk_create(ItemVersion(item=item, number=1) for item in items)
    found = []
    wordings = []
    for version in versions:
        en, zh = " ".join(chance.choices(words, k=60)), "".join(chance.choices(ZH, k=120))
        said = {"en": Wording(f"<p>{en}</p>", "<p>R</p>"), "zh-hans": Wording(f"<p>{zh}</p>", "<p>R</p>")}
        wordings += [ItemWording(version=version, language=code, stem=each.stem) for code, each in said.items()]
        complete = ("en", "zh-hans") if version.pk % 10 else ("en",)
        found.append(found_in(version, VersionContent(said), languages=complete, flaws=()))
    ItemWording.objects.bulk_create(wordings, batch_size=500)
    store(found, are_new=True)


def pages() -> dict[str, float]:
    """Milliseconds of each way of asking."""
    from django.test import Client
    from django.urls import reverse

    from accounts.models import Role
    from exams.models import ItemBank, ItemIndex, ItemVersion
    from standards.models import Competence
    from tests.factories.accounts import staff

    client = Client()
    client.force_login(staff(Role.ITEM_WRITER, "Bench"))
    url = reverse("item_bank:index")
    text = ItemIndex.objects.values_list("text", flat=True)[0].split()
    asked: dict[str, dict[str, Any]] = {
        "all": {},
        "bank": {"bank": ItemBank.objects.filter(code="bench-1").get().pk},
        "status": {"status": ItemVersion.Status.values[1]},
        "type": {"type": "numeric"},
        "competence": {"competence": Competence.objects.get(code="BN-3").pk},
        "area and level": {"area": 3, "level": "apply"},
        "complete": {"languages": "complete"},
        "missing Chinese": {"languages": "missing-zh-hans"},
        "open flaws": {"flaws": "open"},
        "a rule": {"flaws": "longest_key"},
        "a word": {"q": text[5]},
        "a word nobody wrote": {"q": "zzqx"},
        "two words of Chinese": {"q": "模型 数据"},
        "a code": {"q": "q-0012"},
        "the newest": {"order": "newest"},
        "by area": {"order": "area"},
        "by type": {"order": "type"},
        "by level": {"order": "level"},
        "the last page": {"p": 1999},
    }
    client.get(url)
    return {name: mean(lambda query=query: _ok(client.get(url, query))) for name, query in asked.items()}


def _ok(answer: Any) -> None:
    assert answer.status_code == 200, answer.status_code


def look_ups() -> float:
    """Milliseconds of one look for near-duplicates, over twenty items."""
    from exams.models import ItemVersion
    from exams.queries.bank import full_versions
    from exams.queries.similar import similar_items

    last = ItemVersion.objects.order_by("-pk").values_list("pk", flat=True)[0]
    versions = list(full_versions().filter(pk__gt=last - 20))
    return mean(lambda: [similar_items(version) for version in versions]) / len(versions)


def limits() -> dict[str, float]:
    from django.db import connection

    def run(statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            cursor.fetchall()

    return {"one_pass": mean(lambda: run("SELECT item_id FROM exams_itemindex WHERE text LIKE '%zzqx%'"))}


def mean(work: Callable[[], Any]) -> float:
    work()
    before = _processor_time()
    for _ in range(TIMES):
        work()
    return (_processor_time() - before) * 1000 / TIMES


def _processor_time() -> float:
    """Seconds of this process and, on PostgreSQL, of the server's process that works for it."""
    from django.db import connection

    spent = time.process_time()
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        fields = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text().rsplit(")", 1)[1].split()
        spent += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return spent


if __name__ == "__main__":
    main(int(sys.argv[1]))
