import pytest
from django.core.mail import EmailMessage, get_connection

pytestmark = pytest.mark.django_db


@pytest.fixture
def mail_in_files(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    settings.DEMO = True


def post(to, subject, text):
    EmailMessage(subject, text, "no-reply@example.org", [to], connection=get_connection()).send()


def test_letters_are_shown_newest_first_with_links(client, mail_in_files):
    post("ada@example.org", "欢迎 Ada", "Confirm: http://127.0.0.1:8000/accounts/confirm-email/x/")
    post("ben@example.org", "For Ben", "nothing")

    page = client.get("/demo/mailbox/").content.decode()

    assert 'href="http://127.0.0.1:8000/accounts/confirm-email/x/"' in page
    assert "欢迎 Ada" in page and "For Ben" in page


def test_letters_are_filtered_by_address(client, mail_in_files):
    post("ada@example.org", "For Ada", "one")
    post("ben@example.org", "For Ben", "two")

    page = client.get("/demo/mailbox/?to=ben").content.decode()

    assert "For Ben" in page
    assert "For Ada" not in page


def test_a_letter_cannot_put_markup_into_the_page(client, mail_in_files):
    post("ada@example.org", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>")

    page = client.get("/demo/mailbox/").content.decode()

    assert "<script>alert" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize(
    "closed", [{"DEMO": False}, {"PRODUCTION": True}, {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend"}]
)
def test_outside_a_demonstration_there_is_no_mailbox(client, mail_in_files, settings, closed):
    for name, value in closed.items():
        setattr(settings, name, value)

    assert client.get("/demo/mailbox/").status_code == 404


def test_an_address_ends_where_chinese_words_follow():
    from django.utils import timezone

    from demo.mailbox import Letter

    letter = Letter("a@x.example", "S", timezone.now(), "见 http://h/a/b?c=1，谢谢 <b> a@x.example：请登录")

    assert letter.html == ('见 <a href="http://h/a/b?c=1">http://h/a/b?c=1</a>，谢谢 &lt;b&gt; a@x.example：请登录')
