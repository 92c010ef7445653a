"""The whole seed in order. What one stage makes, the next one finds by its code, slug or address."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from cms.actions.roles import set_up_roles
from demo.seed import catalogue, certificates, exams, histories, parallel, partners, people, workflow
from demo.seed.steps import Calendar, once

Step = tuple[str, Callable[[], object]]


def seed(tell: Callable[[str], None] = lambda line: None) -> Calendar:
    """Bring the demonstration to its full state; a second time nothing is left to do."""
    once("roles", set_up_roles)
    once("logins", people.create_logins)
    catalogue.load_content(tell)
    calendar = Calendar.read()
    for key, do in steps(calendar):
        if once(key, do):
            tell(key)
    return calendar


def steps(calendar: Calendar) -> Iterator[Step]:
    """Every step by its key. A key is kept for ever: it is how a finished step is known."""
    yield "papers", partial(exams.seal_papers, calendar)
    yield "scheme", partial(certificates.put_scheme_in_force, calendar)
    yield "template", certificates.add_template
    for institution in partners.INSTITUTIONS:
        yield f"partner {institution.slug}", partial(partners.take_in, institution, calendar)
    for plan in exams.SITTINGS:
        yield f"sitting {plan.key}", partial(exams.schedule, plan, calendar)
    for group in histories.GROUPS:
        yield f"cohort {group.key}", partial(histories.live, group, calendar)
    for person, sittings in histories.ALONE:
        yield f"alone {person.email}", partial(histories.live_alone, person, sittings, calendar)
    yield "sittings closed", partial(exams.close_past_sittings, calendar)
    for plan in certificates.RELEASED:
        yield f"released {plan.key}", partial(certificates.release, plan, calendar)
        yield f"decided {plan.key}", partial(certificates.decide, plan, calendar)
    yield "turns", partial(certificates.take_turns, calendar)
    yield "parallel papers", partial(parallel.assemble_next_papers, calendar)
    yield "items on their way", workflow.bring_items_on_their_way
