"""The marking desk and its office: what they show, to whom, and that nothing there says whose answer it is."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, Role
from exams.models import Mark, MarkingTask, SittingStaff, Upload
from tests.factories.accounts import UserFactory, staff
from tests.factories.bank import administrator
from tests.factories.marking import FULL, HALF, NOTHING, allocated, give, marked_sitting, wrote
from tests.factories.partners import CohortFactory, PlaceFactory, make_partner

pytestmark = pytest.mark.django_db


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def script_of(mark) -> str:
    return reverse("marking:script", args=[mark.task.script])


def fields(points, comment="", act="hand_in"):
    return {"criterion_1": points.get("c1", ""), "criterion_2": points.get("c2", ""), "comment": comment, act: "1"}


@pytest.fixture
def ada():
    """Everything about her that could be recognised."""
    partner = make_partner(partner__slug="ada-university", partner__name="Ada University of Turing")
    person = UserFactory(full_name="Ada Lovelace", family_name="Lovelace", email="ada@lovelace.example")
    PlaceFactory(cohort=CohortFactory(partner=partner, name="Turing class"), user=person, external_id="STUDENT-007")
    return person


# --- Blind --------------------------------------------------------------------------------------


def test_no_page_and_no_header_of_the_desk_says_whose_answer_it_is(ada):
    sitting = marked_sitting(
        "essay", "file_upload", marking="single", examiners=1, sitting={"name": "Ada University in June", "code": "ada-june"}
    )
    attempt = wrote(sitting, ada)
    marks = allocated(sitting)
    client = signed_in(marks[0].marker)
    upload = Upload.objects.get()
    telling = [
        "Lovelace", "Ada ", "ada@", "Ada University", "Turing", "STUDENT-007", "ada-june", "ada-lovelace",
        str(attempt.uuid), str(attempt.registration.uuid), str(sitting.uuid),
        str(upload.uuid), upload.uuid.hex, str(upload.file.name),
    ]  # fmt: skip

    addresses = [reverse("marking:index"), *(script_of(mark) for mark in marks)]
    answers = [client.get(address) for address in addresses]
    file_mark = next(mark for mark in marks if mark.task.version.item.type == "file_upload")
    answers.append(client.get(reverse("marking:file", args=[file_mark.task.script])))
    answers += [
        client.post(script_of(mark), fields(HALF, act=act), follow=True) for mark in marks for act in ("draft", "hand_in")
    ]
    answers.append(client.get(reverse("marking:index")))

    for answer in answers:
        assert answer.status_code == 200
        content = answer.getvalue().decode()
        said = content + "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        assert [word for word in telling if word in said] == []
    assert b"A risk is what may go wrong." in answers[1].content + answers[2].content
    assert Mark.objects.filter(marked_at__isnull=False).count() == 2


def test_a_file_is_named_by_its_script_and_its_opening_is_logged(ada):
    sitting = marked_sitting("file_upload", marking="single", examiners=1)
    wrote(sitting, ada)
    (mark,) = allocated(sitting)

    answer = signed_in(mark.marker).get(reverse("marking:file", args=[mark.task.script]))

    assert answer.getvalue() == b"my answer"
    assert answer["Content-Disposition"] == f'attachment; filename="script-{mark.task.script}.txt"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    entry = AuditEntry.objects.get(act="mark.file_opened")
    assert (entry.actor_id, entry.details) == (mark.marker_id, {"script": mark.task.script})


def test_an_essay_has_no_file_and_a_lost_file_is_named_as_lost():
    sitting = marked_sitting("essay", "file_upload", marking="single", examiners=1)
    wrote(sitting)
    marks = {mark.task.version.item.type: mark for mark in allocated(sitting)}
    client = signed_in(marks["essay"].marker)
    assert client.get(reverse("marking:file", args=[marks["essay"].task.script])).status_code == 404

    upload = Upload.objects.get()
    upload.file.storage.delete(upload.file.name)

    assert client.get(reverse("marking:file", args=[marks["file_upload"].task.script])).status_code == 404
    assert not AuditEntry.objects.filter(act="mark.file_opened").exists()


def test_an_answer_is_shown_as_text_and_never_as_a_page():
    sitting = marked_sitting(marking="single", examiners=1)
    wrote(sitting, p2="<script>alert(1)</script> & more")
    (mark,) = allocated(sitting)

    page = signed_in(mark.marker).get(script_of(mark)).content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in page
    assert "<script>alert(1)" not in page


def test_nobody_sees_another_markers_points_or_words():
    sitting = marked_sitting(percent=0)
    wrote(sitting)
    first, second = allocated(sitting)
    give(first, FULL, comment="EXCELLENT WORK")
    give(second, NOTHING, comment="VERY POOR")
    third = allocated(sitting)[2]

    pages = [signed_in(third.marker).get(url).content.decode() for url in (script_of(third), reverse("marking:index"))]

    for page in pages:
        assert "EXCELLENT" not in page and "POOR" not in page and "third" not in page and "apart" not in page
        assert str(first.marker) not in page and str(second.marker) not in page
    assert "checked" not in pages[0].split("mark-form")[1]


@pytest.mark.parametrize(
    ("text", "words"), [("", 0), ("A risk is 3.5 e-mails.", 5), ("风险评估。", 4), ("AI 风险", 3), ("— … _", 0)]
)
def test_words_are_counted_as_in_the_exam_room(text, words):
    from exams.queries.marking import Answer

    assert Answer("en", text=text).words == words


# --- Whose --------------------------------------------------------------------------------------


def test_a_script_is_there_for_its_marker_only():
    sitting = marked_sitting("file_upload", marking="single", examiners=2)
    wrote(sitting)
    (mark,) = allocated(sitting)
    other = sitting.staff.exclude(user=mark.marker).get().user
    missing = signed_in(other).get(reverse("marking:script", args=["00000000"]))

    for person in (other, staff(Role.EXAMINER, "Stranger"), administrator()):
        client = signed_in(person)
        for name in ("script", "file"):
            answer = client.get(reverse(f"marking:{name}", args=[mark.task.script]))
            assert answer.status_code == 404
            assert person == administrator() or answer.content == missing.content
        assert client.post(script_of(mark), fields(FULL)).status_code == 404
    assert Mark.objects.get().marked_at is None


def test_who_came_to_teach_the_candidate_is_told_nothing_but_that():
    sitting = marked_sitting(marking="single", examiners=1)
    ada = UserFactory(full_name="Ada Lovelace")
    wrote(sitting, ada)
    (mark,) = allocated(sitting)
    PlaceFactory(cohort=CohortFactory(instructor=mark.marker, ends_on="2099-01-01"), user=ada)

    answer = signed_in(mark.marker).get(script_of(mark))

    assert answer.status_code == 403
    assert "Somebody else has to mark this answer" in answer.content.decode()
    assert "A risk is" not in answer.content.decode() and "Lovelace" not in answer.content.decode()


# --- At work ------------------------------------------------------------------------------------


def test_a_pile_is_marked_one_after_the_other():
    sitting = marked_sitting(marking="single", examiners=1)
    for _ in range(3):
        wrote(sitting)
    marks = allocated(sitting)
    client = signed_in(marks[0].marker)
    page = client.get(reverse("marking:index"))
    assert page.context["next"] == page.context["page_obj"][0].task.script

    url, seen = reverse("marking:script", args=[page.context["next"]]), []
    while url != reverse("marking:index"):
        seen.append(url)
        answer = client.post(url, fields(HALF, "Names one."))
        assert answer.status_code == 302
        url = answer.url

    assert len(set(seen)) == 3
    assert MarkingTask.objects.filter(status="settled", points=2).count() == 3
    assert {mark.comment for mark in Mark.objects.all()} == {"Names one."}


def test_a_gap_keeps_the_page_and_a_draft_keeps_the_gap():
    sitting = marked_sitting(marking="single", examiners=1)
    wrote(sitting)
    (mark,) = allocated(sitting)
    client = signed_in(mark.marker)

    refused = client.post(script_of(mark), fields({"c1": "2"}))
    assert refused.status_code == 200
    assert "Choose one of these before you hand in." in refused.content.decode()
    assert Mark.objects.get().points == {}

    assert client.post(script_of(mark), fields({"c1": "2"}, "half", act="draft")).url == script_of(mark)
    assert (Mark.objects.get().points, Mark.objects.get().marked_at) == ({"c1": "2"}, None)
    page = client.get(script_of(mark)).content.decode()
    assert page.count("checked") == 1 and "half" in page


def test_what_is_handed_in_is_shown_and_stays():
    sitting = marked_sitting(marking="single", examiners=1)
    wrote(sitting)
    (mark,) = allocated(sitting)
    give(mark, HALF)
    client = signed_in(mark.marker)

    page = client.get(script_of(mark)).content.decode()
    assert "You handed in 2 of 4 points" in page and "hand_in" not in page
    client.post(script_of(mark), fields(FULL))

    assert Mark.objects.get().total == 2


def test_a_rubric_reads_in_the_markers_language():
    sitting = marked_sitting(marking="single", examiners=1)
    wrote(sitting)
    (mark,) = allocated(sitting)
    mark.marker.language = "zh-hans"
    mark.marker.save()
    client = signed_in(mark.marker)

    page = client.get(script_of(mark), headers={"accept-language": "zh-hans"}).content.decode()

    assert "标准一" in page and "CRITERION ONE" not in page


def test_pictures_of_the_question_are_shown_to_its_marker():
    from exams.actions.sealing import seal_paper
    from exams.content import Wording
    from exams.models import Picture
    from tests.factories.bank import make_approved, make_paper_of, make_picture
    from tests.factories.exams import make_sitting

    picture = make_picture()
    words = Wording(f'<p><img src="picture:{picture.uuid}" alt="A network"></p>', "<p>Because.</p>", "Lesson 1")
    version = make_approved("essay", picture.bank, wordings={"en": words, "zh-hans": words})
    sitting = make_sitting(seal_paper(make_paper_of([version]), by=administrator()))
    marker, other = staff(Role.EXAMINER, "Mark"), staff(Role.EXAMINER, "Other")
    SittingStaff.objects.create(sitting=sitting, user=marker, duty="examiner")
    wrote(sitting)
    (mark,) = allocated(sitting)

    address = reverse("exams:picture", args=[picture.uuid])
    assert f'src="{address}"' in signed_in(marker).get(script_of(mark)).content.decode()
    assert signed_in(marker).get(address).status_code == 200
    assert signed_in(other).get(address).status_code == 404
    assert list(Picture.objects.visible_to(marker)) == [picture]
