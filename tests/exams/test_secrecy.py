"""Before release nothing sent to a candidate depends on the key: twin papers, alike but for it, are served alike."""

from __future__ import annotations

import json
import re

import pytest

from exams.models import Option, OptionWording, PaperItem
from tests.factories.exams import make_paper, make_sitting

pytestmark = pytest.mark.django_db

SECRETS = ("RATIONALE", "REFERENCE", "SECRETWORD", "机密词", "3.14", "is_key", "tolerance")


def everything_served(desk):
    """Every answer a candidate gets on the way, before a result is released."""
    tokens = [option["id"] for option in desk.positions()[1]["options"]]
    several = [option["id"] for option in desk.positions()[2]["options"]]
    answers = [desk.paper(), desk.state(), desk.state("?responses=1"), desk.client.get(f"/exams/attempts/{desk.uuid}/")]
    answers += [desk.save(1, number, {"choice": token}) for number, token in enumerate(tokens, start=1)]
    answers += [desk.save(2, 1, {"choices": several[:2]}), desk.save(3, 1, {"value": "2"}), desk.save(4, 1, {"text": "a"})]
    kept = json.dumps({"seq": 1, "lease": desk.lease, "tools": {"note": "n", "struck": tokens[:2]}})
    tools, late = f"/exams/attempts/{desk.uuid}/tools/1/", f"/exams/attempts/{desk.uuid}/late/"
    answers += [desk.client.put(tools, data=kept, content_type="application/json", headers=desk.headers)]
    answers += [desk.state("?responses=1"), desk.submit(), desk.client.get(f"/exams/attempts/{desk.uuid}/")]
    more = [{"position": 4, "seq": 9, "response": {"text": "b"}, "changed_at": ""}]
    answers += [desk.client.post(late, data=json.dumps({"reason": "r", "answers": more}), content_type="application/json")]
    answers += [desk.client.get("/exams/"), desk.client.get(f"/exams/registrations/{desk.registration.uuid}/")]
    return answers


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_answer_carries_anything_of_the_key(make_desk, language):
    desk = make_desk(language=language)
    desk.start()

    for answer in everything_served(desk):
        # Moments to the millisecond, of which one in a thousand reads like the key of question 3.
        text = re.sub(r"T\d\d:\d\d:\d\d\.\d{3}Z", "", answer.content.decode())
        assert answer.status_code in (200, 201)
        assert [secret for secret in SECRETS if secret in text and "room-config" not in text] == []
        assert "ETag" not in answer
        assert "Last-Modified" not in answer


def twin(paper, key_at):
    """A paper like the other one, option tokens included, but with the key of its choices somewhere else."""
    other = make_paper(sealed=False)
    for mine, theirs in zip(other.items.order_by("position"), paper.items.order_by("position"), strict=True):
        tokens = list(theirs.version.options.order_by("position").values_list("token", flat=True))
        for option, token in zip(mine.version.options.order_by("position"), tokens, strict=True):
            Option.objects.filter(pk=option.pk).update(token=token, is_key=option.position == key_at)
    return other


def test_a_paper_with_another_key_is_served_byte_for_byte_alike(make_desk, without_triggers):
    from exams.actions.sealing import seal_paper
    from exams.queries.papers import paper_for
    from tests.factories.exams import PersonFactory

    first = make_paper()
    with without_triggers("exams_option"):
        second = twin(first, key_at=1)
    keys = [[option.is_key for item in paper.items.all() for option in item.version.options.all()] for paper in (first, second)]
    assert keys[0] != keys[1]
    second = seal_paper(second, by=PersonFactory())

    desk = make_desk(sitting=make_sitting(first))
    desk.start()
    attempt = desk.registration.attempts.get()
    served = json.dumps(paper_for(attempt))
    attempt.paper = second
    assert len(json.dumps(paper_for(attempt))) == len(served)
    numbered = OptionWording.objects.filter(option__version__in=PaperItem.objects.filter(paper=second).values("version"))
    assert numbered.exists()
    strip = lambda text: "".join(character for character in text if not character.isdigit())  # noqa: E731
    assert strip(json.dumps(paper_for(attempt))) == strip(served)


def test_a_result_is_shown_only_after_release_and_only_to_its_candidate(make_desk, client):
    from exams.actions.scoring import score_attempt
    from tests.factories.accounts import UserFactory, staff
    from tests.factories.results import release_result

    desk = make_desk()
    desk.start()
    desk.submit()
    result = score_attempt(desk.registration.attempts.get().pk)
    url = f"/exams/results/{result.uuid}/"
    assert desk.client.get(url).status_code == 404

    release_result(result, by=staff("certification_officer", "Eve"))
    shown = desk.client.get(url)
    assert shown.status_code == 200
    assert [secret for secret in (*SECRETS[:6], "Question 1 (") if secret in shown.content.decode()] == []
    client.force_login(UserFactory(full_name="Ben"))
    assert client.get(url).status_code == 404
