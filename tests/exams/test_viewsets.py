"""The back office of exams: who gets in, and what no page gives away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from wagtail.admin.viewsets import viewsets
from wagtail.models import ReferenceIndex
from wagtail.search.index import get_indexed_models
from wagtail.snippets.models import get_snippet_models

from accounts.models import AuditEntry, Role, User
from exams.models import Accommodation, Item, ItemVersion, Paper, Sitting, SittingStaff
from exams.viewsets.base import RoleViewSet
from partners.models import Membership, Partner
from tests.exams.back_office import World, signed_in
from tests.factories.accounts import UserFactory, staff
from tests.factories.bank import (
    administrator,
    cleo,
    make_approved,
    rita,
)

pytestmark = pytest.mark.django_db

WRITER, REVIEWER, ADMINISTRATOR = Role.ITEM_WRITER, Role.ITEM_REVIEWER, Role.ADMINISTRATOR
AUDITOR, OFFICER, INVIGILATOR = Role.AUDITOR, Role.CERTIFICATION_OFFICER, Role.INVIGILATOR
BOARD = {ADMINISTRATOR, OFFICER, AUDITOR}
ROOM_STAFF = {Role.INVIGILATOR, ADMINISTRATOR}
JUDGES = {Role.EXAMINER, WRITER, REVIEWER}
BANK = {WRITER, REVIEWER, ADMINISTRATOR}


@pytest.fixture
def world() -> World:
    return World()


# Every address: its arguments, and the roles it exists for.
ADDRESSES: dict[str, tuple[Callable[[World], list[Any]], set[Role]]] = {
    "item_bank:index": (lambda world: [], BANK),
    "item_bank:add": (lambda world: [], {WRITER}),
    "item_bank:detail": (lambda world: [world.live.item.uuid], BANK),
    "item_bank:classify": (lambda world: [world.live.item.uuid], {WRITER}),
    "item_bank:enemies": (lambda world: [world.live.item.uuid], {WRITER}),
    "item_bank:table": (lambda world: ["csv"], BANK),
    "item_quality:index": (lambda world: [], BANK),
    "item_quality:bank": (lambda world: [world.live.item.bank.code], BANK),
    "item_quality:waive": (lambda world: [world.second.uuid], {WRITER}),
    "item_quality:unwaive": (lambda world: [world.second.uuid], {WRITER}),
    "item_quality:confirm": (lambda world: [world.second.uuid], {WRITER}),
    "item_quality:source": (lambda world: [world.second.uuid], {WRITER}),
    "item_quality:beside": (lambda world: [world.second.uuid, world.live.uuid], BANK),
    "item_quality:set_apart": (lambda world: [world.second.uuid, world.live.uuid], {WRITER}),
    "item_imports:index": (lambda world: [], {WRITER, ADMINISTRATOR}),
    "item_imports:add": (lambda world: [], {WRITER}),
    "item_imports:export": (lambda world: [], {WRITER, ADMINISTRATOR}),
    "item_imports:detail": (lambda world: [world.batch.uuid], {WRITER, ADMINISTRATOR}),
    "item_imports:confirm": (lambda world: [world.batch.uuid], {WRITER}),
    "item_imports:discard": (lambda world: [world.batch.uuid], {WRITER}),
    "item_bank:new_version": (lambda world: [world.live.item.uuid], {WRITER}),
    "item_versions:waiting": (lambda world: [], BANK),
    "item_versions:detail": (lambda world: [world.version.uuid], BANK),
    "item_versions:edit": (lambda world: [world.second.uuid], {WRITER}),
    "item_versions:preview": (lambda world: [world.version.uuid, "en"], BANK),
    "item_versions:compare": (lambda world: [world.second.uuid, 1], BANK),
    "item_versions:submit": (lambda world: [world.second.uuid], {WRITER}),
    "item_versions:approve": (lambda world: [world.version.uuid], {REVIEWER}),
    "item_versions:approve_subject": (lambda world: [world.version.uuid], {REVIEWER}),
    "item_versions:send_back": (lambda world: [world.version.uuid], {REVIEWER}),
    "item_versions:retire": (lambda world: [world.live.uuid], {REVIEWER, ADMINISTRATOR}),
    "item_versions:discard": (lambda world: [world.second.uuid], {WRITER, ADMINISTRATOR}),
    "late_answers:index": (lambda world: [], BOARD),
    "late_answers:detail": (lambda world: [world.late.uuid], BOARD),
    "late_answers:confirm": (lambda world: [world.late.uuid], {ADMINISTRATOR, OFFICER}),
    "late_answers:withdraw": (lambda world: [world.late.uuid], {ADMINISTRATOR, OFFICER}),
    "item_versions:comment": (lambda world: [world.version.uuid], BANK),
    "item_versions:settle": (lambda world: [world.version.uuid, world.comment.uuid], BANK),
    "item_versions:rest": (lambda world: [world.live.uuid], {REVIEWER, ADMINISTRATOR}),
    "item_versions:end_rest": (lambda world: [world.live.uuid], {REVIEWER, ADMINISTRATOR}),
    "overlap_groups:index": (lambda world: [], BANK),
    "overlap_groups:add": (lambda world: [], {WRITER}),
    "overlap_groups:detail": (lambda world: [world.overlap.uuid], BANK),
    "overlap_groups:edit": (lambda world: [world.overlap.uuid], {WRITER}),
    "overlap_groups:remove": (lambda world: [world.overlap.uuid], {WRITER}),
    "item_banks:index": (lambda world: [], BANK),
    "item_banks:detail": (lambda world: [world.live.item.bank.code], BANK),
    "item_banks:rules": (lambda world: [world.live.item.bank.code], {ADMINISTRATOR}),
    "stimuli:index": (lambda world: [], BANK),
    "stimuli:add": (lambda world: [], {WRITER}),
    "stimuli:detail": (lambda world: [world.case.uuid], BANK),
    "stimuli:edit": (lambda world: [world.case.uuid], {WRITER}),
    "stimuli:remove": (lambda world: [world.case.uuid], {WRITER}),
    "pictures:index": (lambda world: [], BANK),
    "pictures:add": (lambda world: [], {WRITER}),
    "pictures:remove": (lambda world: [world.picture.uuid], {WRITER}),
    "blueprints:index": (lambda world: [], {ADMINISTRATOR}),
    "blueprints:add": (lambda world: [], {ADMINISTRATOR}),
    "blueprints:detail": (lambda world: [world.paper.exam.blueprint.code], {ADMINISTRATOR}),
    "blueprints:edit": (lambda world: [world.paper.exam.blueprint.code], {ADMINISTRATOR}),
    "blueprints:grid": (lambda world: [world.paper.exam.blueprint.code], {ADMINISTRATOR}),
    "blueprints:sections": (lambda world: [world.paper.exam.blueprint.code], {ADMINISTRATOR}),
    "paper_sets:index": (lambda world: [], {ADMINISTRATOR}),
    "paper_sets:add": (lambda world: [], {ADMINISTRATOR}),
    "paper_sets:detail": (lambda world: [world.paper_set.uuid], {ADMINISTRATOR}),
    "paper_sets:seal": (lambda world: [world.paper_set.uuid], {ADMINISTRATOR}),
    "paper_sets:retry": (lambda world: [world.paper_set.uuid], {ADMINISTRATOR}),
    "paper_sets:discard": (lambda world: [world.paper_set.uuid], {ADMINISTRATOR}),
    "paper_sets:gaps": (lambda world: [world.paper.exam.blueprint.code], {ADMINISTRATOR}),
    "paper_sets:estimates": (lambda world: [world.paper.exam.blueprint.code], {ADMINISTRATOR}),
    "paper_sets:swap": (lambda world: [world.sitting.uuid], {ADMINISTRATOR}),
    "paper_sets:confirm_swap": (lambda world: [world.swap.uuid], {ADMINISTRATOR}),
    "paper_sets:withdraw_swap": (lambda world: [world.swap.uuid], {ADMINISTRATOR}),
    "papers:index": (lambda world: [], {ADMINISTRATOR}),
    "papers:draw": (lambda world: [], {ADMINISTRATOR}),
    "papers:detail": (lambda world: [world.paper.uuid], {ADMINISTRATOR}),
    "papers:seal": (lambda world: [world.paper.uuid], {ADMINISTRATOR}),
    "papers:retire": (lambda world: [world.paper.uuid], {ADMINISTRATOR}),
    "papers:discard": (lambda world: [world.paper.uuid], {ADMINISTRATOR}),
    "technical_reports:index": (lambda world: [], {ADMINISTRATOR, AUDITOR}),
    "technical_reports:detail": (lambda world: [world.paper.uuid], {ADMINISTRATOR, AUDITOR}),
    "technical_reports:ask": (lambda world: [world.paper.uuid], {ADMINISTRATOR}),
    "technical_reports:table": (lambda world: [world.paper.uuid], {ADMINISTRATOR, AUDITOR}),
    "technical_reports:pdf": (lambda world: [world.paper.uuid, "en"], {ADMINISTRATOR, AUDITOR}),
    "cut_studies:index": (lambda world: [], BOARD | JUDGES),
    "cut_studies:add": (lambda world: [], {ADMINISTRATOR}),
    "cut_studies:detail": (lambda world: [world.study.uuid], BOARD | JUDGES),
    "cut_studies:rate": (lambda world: [world.study.uuid], JUDGES),
    "cut_studies:judge": (lambda world: [world.study.uuid], {ADMINISTRATOR}),
    "cut_studies:excuse": (lambda world: [world.study.uuid, world.study.judges.first().pk], {ADMINISTRATOR}),
    "cut_studies:begin": (lambda world: [world.study.uuid], {ADMINISTRATOR}),
    "cut_studies:propose": (lambda world: [world.study.uuid], {ADMINISTRATOR}),
    "cut_studies:confirm": (lambda world: [world.study.uuid], {ADMINISTRATOR, OFFICER}),
    "cut_studies:send_back": (lambda world: [world.study.uuid], {ADMINISTRATOR, OFFICER}),
    "on_paper:index": (lambda world: [], ROOM_STAFF),
    "on_paper:sitting": (lambda world: [world.sitting.uuid], ROOM_STAFF),
    "on_paper:print": (lambda world: [world.sitting.uuid], {ADMINISTRATOR}),
    "on_paper:take": (lambda world: [world.sitting.uuid, "en"], ROOM_STAFF),
    "on_paper:open": (lambda world: [world.sitting.uuid, world.on_paper.uuid], ROOM_STAFF),
    "on_paper:sheet": (lambda world: [world.sheet.uuid], ROOM_STAFF),
    "on_paper:discard": (lambda world: [world.sheet.uuid], ROOM_STAFF),
    "marking:index": (lambda world: [], {Role.EXAMINER}),
    "marking:script": (lambda world: [world.mark.task.script], {Role.EXAMINER}),
    "marking:file": (lambda world: [world.mark.task.script], {Role.EXAMINER}),
    "marking_office:index": (lambda world: [], {ADMINISTRATOR, AUDITOR}),
    "marking_office:detail": (lambda world: [world.marked.uuid], {ADMINISTRATOR, AUDITOR}),
    "marking_office:allocate": (lambda world: [world.marked.uuid], {ADMINISTRATOR}),
    "marking_office:hand_over": (lambda world: [world.marked.uuid], {ADMINISTRATOR}),
    "marking_office:assign": (lambda world: [world.marked.uuid], {ADMINISTRATOR}),
    "marking_office:rule": (lambda world: [world.marked.uuid], {ADMINISTRATOR}),
    "sittings:index": (lambda world: [], {ADMINISTRATOR}),
    "sittings:add": (lambda world: [], {ADMINISTRATOR}),
    "sittings:detail": (lambda world: [world.sitting.uuid], {ADMINISTRATOR}),
    "sittings:edit": (lambda world: [world.sitting.uuid], {ADMINISTRATOR}),
    "sittings:cancel": (lambda world: [world.sitting.uuid], {ADMINISTRATOR}),
    "sittings:close": (lambda world: [world.sitting.uuid], {ADMINISTRATOR}),
    "sittings:assign": (lambda world: [world.sitting.uuid], {ADMINISTRATOR}),
    "sittings:release": (lambda world: [world.sitting.uuid, world.duty.pk], {ADMINISTRATOR}),
    "invigilation:index": (lambda world: [], {ADMINISTRATOR, INVIGILATOR}),
    "invigilation:detail": (lambda world: [world.running.sitting.uuid], {ADMINISTRATOR, INVIGILATOR}),
    "invigilation:pause": (lambda world: [world.running.sitting.uuid, world.attempt.uuid], {ADMINISTRATOR, INVIGILATOR}),
    "invigilation:resume": (lambda world: [world.running.sitting.uuid, world.attempt.uuid], {ADMINISTRATOR, INVIGILATOR}),
    "invigilation:extend": (lambda world: [world.running.sitting.uuid, world.attempt.uuid], {ADMINISTRATOR, INVIGILATOR}),
    "invigilation:extend_all": (lambda world: [world.running.sitting.uuid], {ADMINISTRATOR, INVIGILATOR}),
    "invigilation:take_back": (lambda world: [world.running.sitting.uuid, world.added.uuid], {ADMINISTRATOR, INVIGILATOR}),
    "retakes:index": (lambda world: [], {ADMINISTRATOR}),
    "retakes:edit": (lambda world: [world.paper.exam.code], {ADMINISTRATOR}),
    "retakes:add": (lambda world: [], {ADMINISTRATOR}),
    "board_records:index": (lambda world: [], BOARD),
    "board_records:draft": (lambda world: [world.sitting.uuid], BOARD - {AUDITOR}),
    "board_records:detail": (lambda world: [world.record.uuid], BOARD),
    "board_records:print": (lambda world: [world.record.uuid], BOARD),
    "board_records:sign": (lambda world: [world.record.uuid], BOARD - {AUDITOR}),
    "board_records:withdraw": (lambda world: [world.record.uuid], BOARD - {AUDITOR}),
    "remarks:index": (lambda world: [], BOARD),
    "remarks:choose": (lambda world: [], {ADMINISTRATOR}),
    "remarks:propose": (lambda world: [world.remark.version.uuid], {ADMINISTRATOR}),
    "remarks:detail": (lambda world: [world.remark.uuid], BOARD),
    "remarks:again": (lambda world: [world.remark.uuid], BOARD - {AUDITOR}),
    "remarks:commit": (lambda world: [world.remark.uuid], BOARD - {AUDITOR}),
    "remarks:refuse": (lambda world: [world.remark.uuid], BOARD - {AUDITOR}),
    "result_appeals:index": (lambda world: [], BOARD),
    "result_appeals:detail": (lambda world: [world.appeal.uuid], BOARD),
    "result_appeals:take_up": (lambda world: [world.appeal.uuid], BOARD - {AUDITOR}),
    "result_appeals:decide": (lambda world: [world.appeal.uuid], BOARD - {AUDITOR}),
    "accommodations:index": (lambda world: [], {ADMINISTRATOR}),
    "accommodations:add": (lambda world: [], {ADMINISTRATOR}),
    "accommodations:end": (lambda world: [world.accommodation.pk], {ADMINISTRATOR}),
}


def manager() -> User:
    user = UserFactory(email="manager@demo.touchstone.example")
    partner = Partner.objects.create(slug="p", name="P", kind="university")
    Membership.objects.create(partner=partner, user=user, role="manager")
    return user


def test_every_address_is_in_the_matrix() -> None:
    reverse("wagtailadmin_home")  # viewsets are registered when the addresses of the back office are read
    ours = [viewset for viewset in viewsets.viewsets if type(viewset).__module__.startswith("exams.")]

    assert all(isinstance(viewset, RoleViewSet) for viewset in ours)
    assert {f"{viewset.url_namespace}:{each.name}" for viewset in ours for each in viewset.get_urlpatterns()} == set(ADDRESSES)


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_without_its_role_learns_that_an_address_exists(world: World, method: str) -> None:
    rows = {model: model.objects.count() for model in (Item, ItemVersion, Paper, Sitting, SittingStaff, Accommodation)}
    trail = AuditEntry.objects.count()
    superuser = UserFactory(email="root@demo.touchstone.example", is_superuser=True, is_staff=True)
    outsiders = {role: signed_in(staff(role, "Outsider")) for role in Role.values} | {"superuser": signed_in(superuser)}
    wrong = []
    for name, (arguments, roles) in ADDRESSES.items():
        url = reverse(name, args=arguments(world))
        missing = reverse("item_bank:index") + "no-such-address/"
        for role, client in outsiders.items():
            if role in roles:
                continue
            answer = getattr(client, method)(url)
            if answer.status_code != 404 or answer.content != getattr(client, method)(missing).content:
                wrong.append((name, role, answer.status_code))

    assert wrong == []
    trail += len(Role.values)  # the outsiders' own roles
    assert (AuditEntry.objects.count(), rows) == (trail, {model: model.objects.count() for model in rows})


def test_people_of_the_front_door_are_shown_the_front_door(world: World) -> None:
    for client in (Client(), signed_in(UserFactory(email="ada@demo.touchstone.example")), signed_in(manager())):
        for name, (arguments, _roles) in ADDRESSES.items():
            answer = client.get(reverse(name, args=arguments(world)))
            assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("accounts:back_office_door")), name


def test_those_with_the_role_get_every_page(world: World) -> None:
    people = {WRITER: cleo(), REVIEWER: rita(), ADMINISTRATOR: administrator()}
    people |= {
        AUDITOR: staff(AUDITOR, "Audrey"),
        OFFICER: staff(OFFICER, "Olga"),
        Role.EXAMINER: world.judge,
        Role.INVIGILATOR: world.duty.user,
    }
    clients = {role: signed_in(user) for role, user in people.items()}
    for name, (arguments, roles) in ADDRESSES.items():
        for role in roles:
            answer = clients[role].get(reverse(name, args=arguments(world)))
            assert answer.status_code in (200, 405), (name, role)


def test_a_missing_row_is_a_missing_page(world: World) -> None:
    people = {WRITER: cleo(), REVIEWER: rita(), ADMINISTRATOR: administrator()}
    people |= {
        AUDITOR: staff(AUDITOR, "Audrey"),
        OFFICER: staff(OFFICER, "Olga"),
        Role.EXAMINER: world.judge,
        Role.INVIGILATOR: world.duty.user,
    }
    nobody = "00000000-0000-4000-8000-000000000000"
    for name, (arguments, roles) in ADDRESSES.items():
        found = arguments(world)
        if found:
            role = sorted(roles)[0]
            missing = [nobody if len(str(found[0])) == 36 else 10**9, *found[1:]]
            client = signed_in(people[Role(role)])
            url = reverse(name, args=missing)
            assert {client.get(url).status_code, client.post(url).status_code} <= {404, 405}, name
            assert 404 in {client.get(url).status_code, client.post(url).status_code}, name


def test_the_menu_shows_each_role_its_own(world: World) -> None:
    def entries(user: User) -> str:
        return signed_in(user).get(reverse("wagtailadmin_home")).content.decode()

    assert reverse("item_bank:index") in entries(cleo())
    assert reverse("papers:index") not in entries(cleo())
    assert reverse("papers:index") in entries(administrator())
    assert reverse("item_bank:index") not in entries(staff(Role.AUTHOR, "Anna"))


def test_live_items_are_no_content_of_wagtail() -> None:
    """Neither search index, snippets and their choosers, reference index, nor Wagtail's history know them."""
    ours = {model for model in ContentType.objects.filter(app_label="exams") if model.model_class()}
    classes = {content_type.model_class() for content_type in ours}

    assert not classes & set(get_indexed_models())
    assert not classes & set(get_snippet_models())
    make_approved()
    assert not ReferenceIndex.objects.filter(base_content_type__in=ours).exists()
    assert not [viewset for viewset in viewsets.viewsets if getattr(viewset, "model", None) in classes]
