"""Runs inside the environment that bench.certificates prepares: prints sheets, issues certificates, rings for them.

print N   CPU and bytes of a Latin, a Chinese and a rare name, memory after N renders; one JSON line
issue N   N certificates whose documents wait
ring N    rings for N waiting documents and waits until they are stored; one JSON line
"""

from __future__ import annotations

import base64
import gc
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from certificates.models import CertificateTemplate, RenderedDocument  # noqa: E402
from certificates.rendering.documents import qr_code, sheet_html  # noqa: E402
from certificates.rendering.fonts import FOLDER, use_own_fonts  # noqa: E402
from certificates.rendering.press import press_for, warm_press  # noqa: E402

NAMES = {"latin": "Maximiliane Hartmann", "han": "Ouyang Xiaowen 欧阳晓雯", "rare": "𠮷田龘䶮㛃"}
SIGNATORY = CertificateTemplate(
    design="touchstone",
    signatory_name="Margaret Lin",
    signatory_name_zh="林慧敏",
    signatory_role="Head of Certification",
    signatory_role_zh="认证负责人",
)
CLAIMS = {
    "family_name": "Hartmann",
    "scheme": "AI Security Standards: Professional Technology, Foundation",
    "scheme_zh": "人工智能安全标准：专业技术（基础级）",
    "scope": "Explains the terms, duties and main risks of AI security standards and follows a standard with help.",
    "scope_zh": "能够解释人工智能安全标准的术语、职责与主要风险，并在他人帮助下遵循标准。",
    "track": "Professional technology",
    "track_zh": "专业技术",
    "level": "Foundation",
    "level_zh": "基础级",
    "level_code": "L1",
    "issuer": "Touchstone",
    "issuer_zh": "试金石",
    "partner": "Harbour Institute of Technology",
    "partner_zh": "海港理工学院",
    "serial": "TS-PTL1-26-7K3M9Q-C",
    "issued_on": "2026-11-23",
    "valid_until": "2029-11-23",
    "verify_url": "https://touchstone.example/verify/7K3M9QABCDEFGHJKMNPQRSTVWX/",
}
TYPST = """
#set page(paper: "a4", flipped: true, margin: 30mm)
#set text(font: ("Touchstone Serif", "Touchstone Song"), size: 11pt)
#align(center)[
  #text(size: 26pt)[Certificate of Competence 能力认证证书]
  #v(8mm) _This is to certify that_ 兹证明 #v(4mm)
  #text(size: 40pt)[%(holder)s]
  #v(4mm) _has met every requirement for certification in_ 已满足下列认证的全部要求
  #v(4mm) #text(size: 19pt)[%(scheme)s \\ %(scheme_zh)s]
  #v(4mm) #grid(columns: 2, gutter: 8mm, align(left)[%(scope)s], align(left)[%(scope_zh)s])
  #v(4mm) #image("code.png", width: 26mm)
  #v(4mm) %(serial)s #h(10mm) 23 November 2026 2026年11月23日 #h(10mm) %(partner)s %(partner_zh)s
]
"""


def print_sheets(renders: int) -> dict[str, Any]:
    """As in Celery: the parent has imported everything, a forked child is warmed and prints."""
    use_own_fonts()
    reader, writer = os.pipe()
    if os.fork() == 0:
        os.write(writer, json.dumps(_as_child(renders)).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answer:
        return {**json.loads(answer.read()), "typst_ms": _typst()}


def _as_child(renders: int) -> dict[str, Any]:
    warm_press()
    answer: dict[str, Any] = {name: _timed(holder) for name, holder in NAMES.items()}
    for number in range(renders - sum(each["renders"] for each in answer.values())):
        _print({**CLAIMS, "holder": f"{NAMES['han']} {number}", "serial": f"S-{number}"})
    answer.update(renders=renders, megabytes=_own_megabytes())
    return answer


def _print(claims: dict[str, Any]) -> bytes:
    return press_for("touchstone").print(sheet_html(claims, SIGNATORY), identifier=str(claims["serial"]))


def _timed(holder: str, times: int = 25) -> dict[str, Any]:
    """Median CPU of a render; the middle of many says more than the mean on a busy machine."""
    took = []
    for number in range(times):
        before = time.process_time()
        pdf = _print({**CLAIMS, "holder": holder, "serial": f"T-{number}"})
        took.append((time.process_time() - before) * 1000)
    return {"ms": sorted(took)[times // 2], "bytes": len(pdf), "renders": times}


def _own_megabytes() -> float:
    """Memory of this process alone: what a forked child shares with its parent is paid for once."""
    gc.collect()
    rollup = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in rollup if line.startswith("Private_")) / 1024


def _typst() -> float | None:
    """The same words by a compiled typesetter, warm: its compiler keeps fonts, the text changes each time."""
    try:
        import typst
    except ImportError:
        return None
    source = Path(os.environ["VAR_DIR"]) / "sheet.typ"
    source.with_name("code.png").write_bytes(base64.b64decode(qr_code(CLAIMS["verify_url"]).split(",")[1]))
    source.write_text(TYPST % {**CLAIMS, "holder": NAMES["han"]})
    compiler = typst.Compiler(str(source), root=str(source.parent), font_paths=[str(FOLDER)])
    took = []
    for number in range(15):
        # Every word another one, as ours are laid out anew; the compiler remembers whatever stayed the same.
        words = {key: f"{value} {number}" for key, value in CLAIMS.items()}
        source.write_text(TYPST % {**words, "holder": f"{NAMES['han']} {number}"})
        before = time.process_time()
        compiler.compile(input=str(source), format="pdf")
        took.append((time.process_time() - before) * 1000)
    return sorted(took)[len(took) // 2]


def issue(number: int) -> dict[str, Any]:
    from tests.factories.accounts import UserFactory
    from tests.factories.certificates import make_certificate, make_officer, make_scheme

    officer, scheme = make_officer(), make_scheme()
    for position in range(number):
        with transaction.atomic():
            make_certificate(UserFactory(full_name=f"Hartmann {position} 欧阳晓雯"), scheme, officer=officer)
    return {"issued": number}


def ring(number: int) -> dict[str, Any]:
    from certificates.tasks import render_document_task

    waiting = RenderedDocument.objects.filter(status="waiting", next_try_at__lte=timezone.now()).order_by("pk")
    ids = list(waiting.values_list("pk", flat=True)[:number])
    if len(ids) < number:
        raise RuntimeError(f"Only {len(ids)} documents wait: somebody else is making them.")
    started = time.monotonic()
    for document_id in ids:
        render_document_task.delay(document_id)
    while RenderedDocument.objects.filter(pk__in=ids, status="stored").count() < len(ids):
        if time.monotonic() - started > 600:
            raise TimeoutError("The worker does not finish.")
        time.sleep(0.05)
    return {"seconds": time.monotonic() - started}


if __name__ == "__main__":
    acts = {"print": print_sheets, "issue": issue, "ring": ring}
    print(json.dumps(acts[sys.argv[1]](int(sys.argv[2]))))
