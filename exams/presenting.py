"""A report's figures as its page, its PDF and its table of values show them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from exams.charts import item_map
from exams.statistics.words import FLAGS, GROUPS, VERDICTS


def presented(figures: dict[str, Any], *, shows_keys: bool) -> dict[str, Any]:
    """What the templates read. Without `shows_keys` no option is in it at all."""
    items = figures["items"] if shows_keys else [{**item, "options": []} for item in figures["items"]]
    model = "2PL" if "2PL" in figures["models"] else "1PL" if "1PL" in figures["models"] else ""
    return {
        "figures": figures,
        "items": [{**item, "place": item.get("models", {}).get(model)} for item in items],
        "model": model,
        "conspicuous": [item for item in items if item["flags"]],
        "with_options": [item for item in items if item.get("options")],
        "groups": [
            {**group, "names": [group_name(group["reference"]), group_name(group["focal"])]} for group in figures["groups"]
        ],
        "picture": item_map(figures["items"]) if figures["paper"] else "",
        "counts": {verdict: sum(item["verdict"] == verdict for item in items) for verdict in VERDICTS},
    }


def group_name(code: str) -> str:
    """A language by its own name, a kind of partner by ours."""
    return str(dict(settings.LANGUAGES).get(code) or GROUPS.get(code, code))


PLAIN = (
    "position", "code", "type", "area", "facility", "facility_low", "facility_high", "discrimination", "discrimination_low",
    "discrimination_high", "alpha_if_deleted", "omitted", "not_reached",
)  # fmt: skip


def table_header() -> list[str]:
    return [
        _("Position"), _("Item"), _("Type"), _("Area"), _("Facility"), _("Facility, low"), _("Facility, high"),
        _("Discrimination"), _("Discrimination, low"), _("Discrimination, high"), _("Alpha without it"), _("Left out"),
        _("Not reached"), _("Counts"), _("Median seconds"), _("Slope a"), _("Error of a"), _("Place b"), _("Error of b"),
        _("Classes of difference"), _("Verdict"), _("Remarks"),
    ]  # fmt: skip


def table_rows(figures: dict[str, Any]) -> Iterator[list[Any]]:
    """One row per position; empty where nothing is claimed. No option, no key."""
    for item in figures["items"]:
        model = item.get("models", {}).get("2PL") or item.get("models", {}).get("1PL") or {}
        groups = "; ".join(f"{group_name(group['name'])}: {group['ets']}" for group in item.get("groups", []) if group["ets"])
        yield [
            *(item.get(name) for name in PLAIN),
            _("scored") if item["is_scored"] else _("pretest"),
            item.get("time", {}).get("median"),
            *(model.get(part) for part in ("a", "a_error", "b", "b_error")),
            groups,
            VERDICTS[item["verdict"]],
            " ".join(str(FLAGS[flag]) for flag in item["flags"]),
        ]
