"""What a blueprint says of its sections and an exam of its calculator, and how sealing freezes it into a paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.models import User
from exams.errors import NotYourBank, PaperNotSealable, SectionRulesInvalid
from exams.models import Blueprint, Exam, Paper, PaperItem, SectionRule
from exams.rules.bank import can_administer_exams
from exams.rules.sections import FREE, Section


@transaction.atomic
def set_section_rules(blueprint: Blueprint, rules: Mapping[int, Section], *, by: User) -> Blueprint:
    """Say by content area how its section is sat; an area without an entry has no rule. Papers sealed before keep theirs.

    Raises NotYourBank, SectionRulesInvalid.
    """
    if not can_administer_exams(by):
        raise NotYourBank
    blueprint = Blueprint.objects.select_for_update(of=("self",)).get(pk=blueprint.pk)
    lines = {line.number: line for line in blueprint.lines.all()}
    wanted = {area: rule for area, rule in rules.items() if rule != Section(None, FREE)}
    _check(blueprint, set(lines), wanted)
    SectionRule.objects.filter(line__blueprint=blueprint).delete()
    SectionRule.objects.bulk_create(
        SectionRule(line=lines[area], minutes=rule.minutes, navigation=rule.navigation) for area, rule in sorted(wanted.items())
    )
    details = {"sections": [[area, rule.minutes, rule.navigation] for area, rule in sorted(wanted.items())]}
    record("blueprint.section_rules_set", blueprint, by=by, summary=blueprint.code, details=details)
    return blueprint


def _check(blueprint: Blueprint, areas: set[int], wanted: Mapping[int, Section]) -> None:
    if not wanted.keys() <= areas:
        raise SectionRulesInvalid(_("The blueprint does not have these content areas."))
    for rule in wanted.values():
        if rule.navigation not in SectionRule.Navigation.values or (rule.minutes is not None and rule.minutes < 1):
            raise SectionRulesInvalid
    timed = sum(rule.minutes or 0 for rule in wanted.values())
    untimed = len(areas) - sum(rule.minutes is not None for rule in wanted.values())
    if timed > blueprint.minutes or (untimed and timed == blueprint.minutes):
        raise SectionRulesInvalid(
            _("The sections take %(timed)s minutes of the %(minutes)s of the exam: nothing is left for the rest.")
            % {"timed": timed, "minutes": blueprint.minutes}
        )


@transaction.atomic
def allow_calculator(exam: Exam, calculator: str, *, by: User) -> Exam:
    """Whether the room offers a calculator. Raises NotYourBank, SectionRulesInvalid."""
    if not can_administer_exams(by):
        raise NotYourBank
    if calculator not in Exam.Calculator.values:
        raise SectionRulesInvalid
    exam = Exam.objects.select_for_update(of=("self",)).get(pk=exam.pk)
    if exam.calculator != calculator:
        exam.calculator = calculator
        exam.save(update_fields=["calculator"])
        record("exam.calculator_set", exam, by=by, summary=exam.code, details={"calculator": calculator})
    return exam


def freeze_rules(paper: Paper, items: list[PaperItem], documents: dict[str, dict[str, Any]]) -> None:
    """Write the rules into the documents' sections, and through them into the digest; nothing where there are none.

    Raises PaperNotSealable when the paper's sections are not the blueprint's areas.
    """
    found = SectionRule.objects.filter(line__blueprint=paper.exam.blueprint_id).select_related("line")
    areas = {item.position: item.content_area for item in items}
    rules = {rule.line.number: rule for rule in found if rule.line.number in areas.values()}
    if not rules:
        return
    for document in documents.values():
        for section in document["sections"]:
            inside = {areas[position["position"]] for position in section["positions"]}
            if len(inside) != 1:
                raise PaperNotSealable(_("The blueprint has section rules, but this paper does not keep its areas apart."))
            if rule := rules.get(inside.pop()):
                section["navigation"] = str(rule.navigation)
                if rule.minutes is not None:
                    section["minutes"] = rule.minutes
