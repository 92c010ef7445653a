"""Pictures of a bank: made anew on the way in, shown to those who may see the items, refused when hostile."""

from __future__ import annotations

import io
import struct
import zlib
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image, PngImagePlugin

from accounts.models import AuditEntry
from common.errors import InvalidInput
from exams.actions.pictures import add_picture, remove_picture
from exams.actions.sealing import seal_paper
from exams.content import Wording
from exams.errors import FileRefused, FileTooLarge, NotYourBank
from exams.models import Attempt, Picture
from exams.pictures import MOST_BYTES, clean_picture
from exams.queries.previews import preview_document
from exams.queries.readiness import missing_parts
from tests.factories.accounts import UserFactory
from tests.factories.bank import administrator, cleo, make_approved, make_draft, make_paper_of, make_picture, png, rita
from tests.factories.exams import BankFactory, PersonFactory, make_sitting

pytestmark = pytest.mark.django_db


def wordings(picture, alt="A network"):
    return {
        language: Wording(f'<p>Look: <img src="picture:{picture.uuid}" alt="{alt}"></p>', "<p>Because.</p>", "Ref")
        for language in ("en", "zh-hans")
    }


def url(picture):
    return f"/exams/pictures/{picture.uuid}/"


def test_a_picture_is_made_anew_and_stored_once():
    bank = BankFactory()
    noted = PngImagePlugin.PngInfo()
    noted.add_text("Comment", "SECRET PLACE")
    content = png(pnginfo=noted) + b"<script>appended</script>"

    picture = add_picture(bank, name="..\\..\\C:/photos/network.png", content=content, by=cleo())
    again = add_picture(bank, name="other.png", content=png(), by=cleo())

    assert again == picture == Picture.objects.get()
    assert (picture.name, picture.media_type, picture.width, picture.height) == ("network.png", "image/png", 40, 30)
    stored = picture.file.read()
    assert b"SECRET" not in stored and b"script" not in stored
    assert Image.open(io.BytesIO(stored)).getpixel((1, 1)) == (0, 128, 128)
    entry = AuditEntry.objects.get(act="picture.added")
    assert entry.details == {"bank": bank.code, "sha256": picture.sha256}


def test_exif_is_obeyed_and_dropped_and_large_pictures_shrink():
    photo = Image.new("RGB", (3_000, 1_000), "navy")
    exif = photo.getexif()
    exif[0x0112], exif[0x010E] = 6, "SECRET PLACE"  # turned a quarter; described
    out = io.BytesIO()
    photo.save(out, "JPEG", exif=exif)

    encoded, media_type, size = clean_picture(out.getvalue())

    assert (media_type, size) == ("image/jpeg", (800, 2_400))
    assert b"SECRET" not in encoded and dict(Image.open(io.BytesIO(encoded)).getexif()) == {}


def bomb_header(width, height):
    """A PNG that promises so many pixels and holds none."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))


def moving():
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "green", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()


def in_format(name):
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, name)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a picture",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        png()[:60],
        bomb_header(60_000, 60_000),
        bomb_header(100, 100) + b"\0" * 40,
        moving(),
        in_format("BMP"),
        in_format("TIFF"),
        in_format("PDF"),
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\n",
    ],
)
def test_what_is_no_plain_picture_is_refused_and_stores_nothing(content):
    with pytest.raises(FileRefused):
        add_picture(BankFactory(), name="x.png", content=content, by=cleo())
    assert not Picture.objects.exists()


def test_a_heavy_file_is_refused_before_it_is_read():
    with pytest.raises(FileTooLarge):
        clean_picture(b"\0" * (MOST_BYTES + 1))


@pytest.mark.parametrize("who", [rita, administrator, PersonFactory])
def test_only_writers_add_and_remove_pictures(who):
    picture = make_picture()

    with pytest.raises(NotYourBank):
        add_picture(picture.bank, name="x.png", content=png(colour="red"), by=who())
    with pytest.raises(NotYourBank):
        remove_picture(picture, by=who())


def test_a_picture_in_use_stays_and_one_that_nothing_names_goes(django_capture_on_commit_callbacks):
    picture = make_picture()
    storage, name = picture.file.storage, picture.file.name
    draft = make_draft(bank=picture.bank, wordings=wordings(picture))
    with pytest.raises(InvalidInput):
        remove_picture(picture, by=cleo())
    draft.delete()

    with django_capture_on_commit_callbacks(execute=True):
        remove_picture(picture, by=cleo())

    assert not Picture.objects.exists() and not storage.exists(name)


def test_a_picture_never_changes():
    picture = make_picture()

    with pytest.raises(IntegrityError), transaction.atomic():
        Picture.objects.filter(pk=picture.pk).update(sha256="0" * 64)


def test_a_question_shows_its_picture_with_address_and_size():
    picture = make_picture()
    version = make_draft(bank=picture.bank, wordings=wordings(picture))

    shown = preview_document(version, "en")["sections"][0]["positions"][0]["stem"]

    assert shown == f'<p>Look: <img src="{url(picture)}" width="40" height="30" alt="A network"></p>'
    hotspot = preview_document(make_draft("hotspot", bank=picture.bank), "en")["sections"][0]["positions"][0]
    assert hotspot["image"] == {"src": url(picture), "width": 40, "height": 30, "alt": "A network"}


def test_a_picture_needs_words_and_must_be_the_banks_own():
    foreign, own = make_picture(), make_picture(colour="red")

    silent = make_draft(bank=own.bank, wordings=wordings(own, alt=" "))
    borrowed = make_draft(bank=own.bank, wordings=wordings(foreign))

    assert [sentence for sentence in missing_parts(silent) if "description in words" in sentence]
    assert [sentence for sentence in missing_parts(borrowed) if "not among the pictures" in sentence]
    assert url(foreign) not in str(preview_document(borrowed, "en"))


@pytest.fixture
def sat(make_desk):
    """Ada sits a paper with a picture; the picture."""
    picture = make_picture()
    paper = seal_paper(make_paper_of([make_approved(bank=picture.bank, wordings=wordings(picture))]), by=PersonFactory())
    desk = make_desk(sitting=make_sitting(paper))
    desk.picture = picture
    return desk


def test_a_candidate_sees_a_picture_while_a_paper_that_shows_it_is_open(sat, client):
    assert sat.client.get(url(sat.picture)).status_code == 404
    sat.start()

    answer = sat.client.get(url(sat.picture))

    assert url(sat.picture) in sat.positions()[1]["stem"]
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert answer["Cache-Control"].startswith("private") and answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content) == sat.picture.file.read()
    attempts = Attempt.objects.filter(registration=sat.registration)
    attempts.update(status="paused", paused_at=timezone.now())
    assert sat.client.get(url(sat.picture)).status_code == 200
    attempts.update(status="open", paused_at=None)
    client.force_login(UserFactory(full_name="Ben"))
    assert client.get(url(sat.picture)).status_code == 404
    sat.submit()
    assert sat.client.get(url(sat.picture)).status_code == 404


def test_not_before_a_login_nor_after_the_time_nor_another_papers(sat, client, make_desk):
    sat.start()
    assert client.get(url(sat.picture)).status_code == 404
    assert sat.client.get(url(make_picture(sat.picture.bank, colour="red"))).status_code == 404
    before = timezone.now() - timedelta(minutes=1)
    Attempt.objects.filter(registration=sat.registration).update(closes_at=before, accept_until=before)
    assert sat.client.get(url(sat.picture)).status_code == 404


@pytest.mark.parametrize(("who", "status"), [(cleo, 200), (rita, 200), (administrator, 200), (PersonFactory, 404)])
def test_people_of_the_bank_see_its_pictures(client, who, status):
    client.force_login(who())

    assert client.get(url(make_picture())).status_code == status


def test_what_a_sealed_paper_shows_is_fixed(sat):
    paper = sat.registration.sitting.paper

    assert list(paper.pictures.all()) == [sat.picture]
    for act in (paper.pictures.clear, lambda: paper.pictures.add(make_picture(colour="red"))):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
