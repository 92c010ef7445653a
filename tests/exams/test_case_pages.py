"""The pages of cases and pictures: who comes there, what can be added, changed and removed."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from exams.actions.stimuli import create_stimulus
from exams.models import Picture, Stimulus
from tests.exams.back_office import signed_in
from tests.exams.test_item_pages import rich
from tests.factories.accounts import UserFactory
from tests.factories.bank import administrator, cleo, make_approved, make_draft, make_picture, png, rita
from tests.factories.exams import BankFactory
from tests.factories.partners import make_partner

pytestmark = pytest.mark.django_db


def page_of(name: str, *args: Any) -> str:
    return reverse(name, args=args)


def make_case(code: str = "C-1", **fields: Any) -> Stimulus:
    texts = {"en": f"<p>CASE {code} en</p>", "zh-hans": f"<p>CASE {code} zh</p>"}
    return create_stimulus(fields.get("bank") or BankFactory(), code=code, texts=texts, by=cleo())


def flow() -> SimpleUploadedFile:
    return SimpleUploadedFile("flow.png", png((30, 20)), "image/png")


# --- Cases ---------------------------------------------------------------------------------------


def test_a_writer_adds_and_changes_a_case() -> None:
    bank, client = BankFactory(), signed_in(cleo())
    words = {"text_en": rich("CASE"), "text_zh-hans": rich("案例")}

    answer = client.post(page_of("stimuli:add"), {"bank": bank.code, "code": "C-9", **words})
    case = Stimulus.objects.get(code="C-9")
    assert (answer.url, case.bank) == (page_of("stimuli:detail", case.uuid), bank)
    assert "案例" in client.get(answer.url).content.decode()

    table = "<table><tbody><tr><td>1</td></tr></tbody></table>"
    client.post(page_of("stimuli:edit", case.uuid) + "?source=1", {"text_en": table, "text_zh-hans": "<p>案例</p>"})
    assert case.wordings.get(language="en").text == table
    # A table is beyond the editor, so it is edited as HTML whether asked for or not.
    assert "bank-source" in str(client.get(page_of("stimuli:edit", case.uuid)).context["form"]["text_en"])


def test_a_code_is_given_once_and_a_case_says_something() -> None:
    case, client = make_case(), signed_in(cleo())
    new = {"bank": case.bank.code, "code": "C-1", "text_en": rich("X"), "text_zh-hans": rich("")}

    assert client.post(page_of("stimuli:add"), new).status_code == 200
    assert client.post(page_of("stimuli:add"), {**new, "code": "C-2", "text_en": rich("")}).status_code == 200
    assert list(Stimulus.objects.all()) == [case]


def test_a_case_of_a_live_item_is_read_and_no_longer_changed() -> None:
    case = make_case()
    version = make_approved("single_choice", case.bank, stimulus=case.code)
    client = signed_in(cleo())

    page = client.get(page_of("stimuli:detail", case.uuid)).content.decode()
    assert "its words do not change any more" in page and str(version) in page
    assert page_of("stimuli:edit", case.uuid) not in page
    edit = page_of("stimuli:edit", case.uuid)
    for answer in (client.get(edit), client.post(edit, {"text_en": rich("Y")})):
        assert answer.url == page_of("stimuli:detail", case.uuid)
    assert client.post(page_of("stimuli:remove", case.uuid)).url == page_of("stimuli:detail", case.uuid)
    assert case.wordings.get(language="en").text == "<p>CASE C-1 en</p>"


def test_an_unused_case_is_removed() -> None:
    case = make_case()

    assert signed_in(cleo()).post(page_of("stimuli:remove", case.uuid)).url == page_of("stimuli:index")
    assert not Stimulus.objects.exists()


def test_the_list_narrows_to_a_bank_and_costs_the_same_for_one_and_for_many(django_assert_max_num_queries: Any) -> None:
    case = make_case()
    make_draft("single_choice", case.bank, stimulus=case.code)
    client, url = signed_in(cleo()), page_of("stimuli:index")
    client.get(url)
    with django_assert_max_num_queries(25) as few:
        assert [row.items for row in client.get(url).context["page_obj"]] == [1]
    for number in range(2, 5):
        make_case(f"C-{number}", bank=case.bank)
    other = make_case("C-1")
    with django_assert_max_num_queries(len(few)):
        assert len(client.get(url).context["page_obj"]) == 5
    assert list(client.get(url, {"bank": other.bank.code}).context["page_obj"]) == [other]
    assert len(client.get(url, {"bank": "nothing"}).context["page_obj"]) == 5


# --- Pictures ------------------------------------------------------------------------------------


def test_a_writer_adds_a_picture_and_finds_its_markup() -> None:
    bank, client = BankFactory(), signed_in(cleo())

    answer = client.post(page_of("pictures:add"), {"bank": bank.code, "file": flow()}, follow=True)

    picture = Picture.objects.get()
    assert (picture.bank, picture.name, picture.width) == (bank, "flow.png", 30)
    page = answer.content.decode()
    assert f"&lt;img src=&quot;picture:{picture.uuid}&quot; alt=&quot;&quot;&gt;" in page
    assert client.get(f"/exams/pictures/{picture.uuid}/")["Content-Type"] == "image/png"


@pytest.mark.parametrize("content", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x89PNG\r\n\x1a\nbroken", b""])
def test_what_is_no_picture_is_refused_on_the_page(content: bytes) -> None:
    file = SimpleUploadedFile("flow.png", content, "image/png")

    assert signed_in(cleo()).post(page_of("pictures:add"), {"bank": BankFactory().code, "file": file}).status_code == 200
    assert not Picture.objects.exists()


def test_a_picture_in_use_stays_and_another_goes() -> None:
    version = make_draft("hotspot")
    used, unused = Picture.objects.get(), make_picture(version.item.bank, size=(11, 11))
    client = signed_in(cleo())

    for picture in (used, unused):
        client.post(page_of("pictures:remove", picture.uuid))

    assert list(Picture.objects.all()) == [used]


def test_the_pictures_cost_the_same_for_one_and_for_many(django_assert_max_num_queries: Any) -> None:
    bank, client, url = BankFactory(), signed_in(cleo()), page_of("pictures:index")
    make_picture(bank)
    client.get(url)
    with django_assert_max_num_queries(25) as few:
        client.get(url)
    for size in range(5, 9):
        make_picture(bank, size=(size, size))
    make_picture(BankFactory(), size=(3, 3))
    with django_assert_max_num_queries(len(few)):
        assert len(client.get(url).context["rows"]) == 6
    assert len(client.get(url, {"bank": bank.code}).context["rows"]) == 5


# --- Who ------------------------------------------------------------------------------------------


def test_reviewers_and_administrators_read_and_do_not_write() -> None:
    case, picture = make_case(), make_picture(BankFactory())
    for reader in (rita(), administrator()):
        client = signed_in(reader)
        for url in (page_of("stimuli:index"), page_of("stimuli:detail", case.uuid), page_of("pictures:index")):
            answer = client.get(url)
            assert answer.status_code == 200 and "New " not in answer.content.decode().split("<main")[-1]
        for url in (page_of("stimuli:add"), page_of("stimuli:edit", case.uuid), page_of("pictures:add")):
            assert client.get(url).status_code == 404
        for url in (page_of("stimuli:remove", case.uuid), page_of("pictures:remove", picture.uuid)):
            assert client.post(url).status_code == 404
    assert Stimulus.objects.exists() and Picture.objects.exists()


def test_a_partners_case_and_picture_do_not_exist_for_the_bodys_writers() -> None:
    case, picture = make_case(), make_picture(BankFactory())
    partner = make_partner()
    for thing in (case, picture):
        thing.bank.partner = partner
        thing.bank.save()
    client = signed_in(cleo())

    for url in (page_of("stimuli:detail", case.uuid), page_of("stimuli:edit", case.uuid)):
        assert client.get(url).status_code == 404
    for url in (page_of("stimuli:remove", case.uuid), page_of("pictures:remove", picture.uuid)):
        assert client.post(url).status_code == 404
    assert not client.get(page_of("stimuli:index")).context["page_obj"].object_list
    assert client.get(page_of("pictures:index")).context["rows"] == []


def test_strangers_find_nothing() -> None:
    client = signed_in(UserFactory())

    for name in ("stimuli:index", "stimuli:add", "pictures:index", "pictures:add"):
        assert client.get(page_of(name)).status_code in (302, 404)
