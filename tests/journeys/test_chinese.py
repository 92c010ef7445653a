"""The main pages as a Chinese reader meets them: in Chinese throughout, accessible at both widths, nothing from elsewhere."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from accounts.models import User
from tests.factories.accounts import UserFactory
from tests.factories.certificates import make_application, make_certificate, make_officer
from tests.factories.courses import course_page
from tests.factories.exams import make_registration
from tests.factories.partners import CohortFactory, PlaceFactory, make_manager, make_partner
from tests.factories.standards import StandardFactory
from tests.journeys.conftest import Meet
from tests.journeys.walks import Walker
from tests.journeys.world import make_road

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HAN = re.compile("[\u4e00-\u9fff]")


def reads(walker: Walker, *addresses: str) -> None:
    for address in addresses:
        walker.goes_to(address)
        expect(walker.page.locator("html")).to_have_attribute("lang", re.compile("zh-hans", re.IGNORECASE))
        heading = walker.page.get_by_role("heading", level=1).inner_text()
        assert HAN.search(heading), f"{address} is headed {heading!r}"


def chinese(name: str, family: str) -> User:
    return UserFactory(full_name=name, family_name=family, language="zh-hans")


def test_a_stranger_reads_and_verifies(meet: Meet) -> None:
    road, standard = make_road(), StandardFactory(title_zh="神经网络鲁棒性评估")
    certificate = make_certificate(chinese("韩䶮", "韩"))
    reads(
        meet(locale="zh-CN"),
        "/zh-hans/tracks/track-pt/",
        course_page(road.course, "zh-hans").url,
        road.course.lessons.first().pages.get(locale__language_code="zh-hans").url,
        "/standards/",
        "/standards/competences/",
        "/certification/",
        "/certification/AIS-PT-L1/",
        "/verify/",
        f"/verify/{certificate.token}/",
        "/accounts/signup/",
        "/accounts/login/",
    )
    assert standard.slug


def test_a_candidate_and_holder(meet: Meet) -> None:
    road, ming = make_road(), chinese("李明", "李")
    registration = make_registration(road.sitting, ming)
    application = make_application(ming)
    make_certificate(ming)
    walker = meet(locale="zh-CN")
    walker.signs_in(ming)
    reads(
        walker,
        "/home/",
        "/learn/",
        "/exams/sittings/",
        "/exams/",
        f"/exams/registrations/{registration.uuid}/",
        "/certificates/",
        f"/certificates/applications/{application.uuid}/",
        "/accounts/profile/",
    )


def test_a_manager_and_an_officer(meet: Meet) -> None:
    partner = make_partner(partner__slug="jinghe", partner__name="Jinghe University", partner__name_zh="京和大学")
    cohort = CohortFactory(partner=partner, name="安全 2026")
    ming = chinese("李明", "李")
    certificate = make_certificate(ming, place=PlaceFactory(cohort=cohort, user=ming))
    application = make_application(place=PlaceFactory(cohort=cohort))
    manager, officer = meet(locale="zh-CN"), meet(locale="zh-CN")
    manager.signs_in(make_manager(partner, language="zh-hans"), to="/partners/jinghe/")
    pages = ["", "cohorts/", f"cohorts/{cohort.uuid}/", f"cohorts/{cohort.uuid}/roster/", "register/", "members/"]
    reads(manager, *(f"/partners/jinghe/{rest}" for rest in pages))

    officer.signs_in(make_officer("Wei Officer", language="zh-hans"), to="/officer/")
    desk = ("applications", "results", "certificates", "corrected", "documents")
    reads(officer, "/officer/", *(f"/officer/{page}/" for page in desk))
    officer.goes_to(f"/officer/applications/{application.uuid}/")
    officer.goes_to(f"/officer/certificates/{certificate.uuid}/")
