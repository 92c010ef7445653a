"""Proposing how an item is scored from now on: only what an item of its type could have had from the beginning."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import NotPermitted
from common.events import ring
from exams.actions.remarks import OPEN, record_act
from exams.corrections import corrected_key, kinds_for
from exams.errors import OwnResult, RemarkInvalid
from exams.item_types import REGISTRY, key_of
from exams.models import ItemVersion, Remark, Result
from exams.queries.corrections import corrections_in_force
from exams.queries.remarks import papers_with
from exams.rules.results import can_propose_remark, was_examined_with

Kind = Remark.Kind


@transaction.atomic
def propose_remark(
    version: ItemVersion,
    *,
    kind: str,
    keys: list[dict[str, Any]],
    reason: str,
    words: str,
    words_zh: str,
    by: User,
    at: datetime | None = None,
) -> Remark:
    """Propose a correction; a dry run begins at once. Raises NotPermitted, OwnResult, RemarkInvalid."""
    from exams.tasks import run_remark_dry_task

    if not can_propose_remark(by):
        raise NotPermitted
    version = ItemVersion.objects.select_for_update(of=("self",)).select_related("item").get(pk=version.pk)
    if was_examined_with(by, version.pk):
        raise OwnResult
    if not all(text.strip() for text in (reason, words, words_zh)):
        raise RemarkInvalid(_("Give the reason, and the words for candidates in both languages."))
    if version.remarks.filter(status__in=OPEN).exists():
        raise RemarkInvalid(_("A correction of this item is proposed already. Decide on that one first."))
    _require_possible(version, kind, keys)
    now = at or timezone.now()
    remark = Remark.objects.create(
        version=version,
        kind=kind,
        keys=keys if kind in (Kind.KEY, Kind.ACCEPT) else [],
        reason=reason.strip(),
        words=words.strip(),
        words_zh=words_zh.strip(),
        proposed_by=by,
        proposed_at=now,
        asked_at=now,
    )
    record_act("proposed", remark, by=by, at=at)
    ring(run_remark_dry_task, remark.pk)
    return remark


def _require_possible(version: ItemVersion, kind: str, keys: list[dict[str, Any]]) -> None:
    if kind not in kinds_for(version.item.type):
        raise RemarkInvalid(_("An item of this type can be dropped or credited, but not given another key."))
    if not Result.objects.filter(attempt__paper__items__version=version).exists():
        raise RemarkInvalid(_("Nobody's answers to this item are scored yet: retire it and write a new version instead."))
    if kind in (Kind.KEY, Kind.ACCEPT):
        _require_keys(version, kind, keys)
    if kind == Kind.DROP:
        for paper in papers_with(version.pk):
            others = list(paper.items.filter(is_scored=True).exclude(version=version))
            corrections = corrections_in_force(others)
            if all(item.version_id in corrections and corrections[item.version_id].drops for item in others):
                raise RemarkInvalid(_("Without this item nothing on paper %(paper)s would count.") % {"paper": paper})


def _require_keys(version: ItemVersion, kind: str, keys: list[dict[str, Any]]) -> None:
    """Each new key has to be one that a version of this type could have, and another than the version's own."""
    own, item_type = key_of(version), REGISTRY[version.item.type]
    if not keys or (kind == Kind.KEY and len(keys) > 1):
        raise RemarkInvalid(_("Name the right key."))
    for change in keys:
        wrong_tokens = set(change.get("right", ())) - own.right - own.wrong
        changed = corrected_key(own, change)
        problems = item_type.problems(changed)
        if wrong_tokens or problems:
            raise RemarkInvalid(str(problems[0])) if problems else RemarkInvalid
        if (changed.right, changed.answer) == (own.right, own.answer):
            raise RemarkInvalid(_("That is the key as it is."))
