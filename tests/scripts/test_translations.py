"""A catalogue with a gap, a guess, a stale word or an old compilation is told apart from a whole one."""

from __future__ import annotations

import shutil

import polib
import pytest

from scripts import translations


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A project of one small package, translated in full."""
    monkeypatch.setattr(translations, "PROJECT", tmp_path)
    package = tmp_path / "greetings"
    (package / translations.LANGUAGE_FOLDER).mkdir(parents=True)
    (package / "words.py").write_text(
        "from django.utils.translation import gettext as _, ngettext\n"
        "def greet(name, count):\n"
        '    letters = ngettext("%(n)s letter", "%(n)s letters", count) % {"n": count}\n'
        '    return _("Good morning, %(name)s.") % {"name": name}, letters\n'
    )
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Plural-Forms": "nplurals=1; plural=0;"}
    catalogue.append(polib.POEntry(msgid="Good morning, %(name)s.", msgstr="%(name)s，早上好。"))
    catalogue.append(polib.POEntry(msgid="%(n)s letter", msgid_plural="%(n)s letters", msgstr_plural={0: "%(n)s 封信"}))
    save(catalogue, package)
    return package


def path_of(package):
    return package / translations.LANGUAGE_FOLDER / "django.po"


def save(catalogue, package):
    catalogue.save(str(path_of(package)))
    catalogue.save_as_mofile(str(path_of(package).with_suffix(".mo")))


def change(package, msgid, compile_too=True, **attributes):
    catalogue = polib.pofile(str(path_of(package)))
    for name, value in attributes.items():
        setattr(catalogue.find(msgid), name, value)
    catalogue.save()
    if compile_too:
        catalogue.save_as_mofile(str(path_of(package).with_suffix(".mo")))


def problems(capsys) -> list[str]:
    assert translations.check() == 1
    return [line.split(": ", 1)[1] for line in capsys.readouterr().out.splitlines() if ".po: " in line]


MORNING = "Good morning, %(name)s."


def test_a_whole_catalogue_is_right(package, capsys):
    assert translations.check() == 0
    assert "1 packages are translated in full." in capsys.readouterr().out


def test_a_missing_translation_is_named(package, capsys):
    change(package, MORNING, msgstr="")

    assert problems(capsys) == [f"not translated: {MORNING!r}"]


def test_a_guess_is_named(package, capsys):
    change(package, MORNING, flags=["fuzzy"])

    assert problems(capsys) == [f"only guessed (fuzzy): {MORNING!r}"]


def test_a_lost_placeholder_is_named(package, capsys):
    change(package, MORNING, msgstr="早上好。")

    assert problems(capsys) == [f"placeholders differ (%(name)s): {MORNING!r}"]


def test_a_compilation_older_than_its_text_is_named(package, capsys):
    change(package, MORNING, compile_too=False, msgstr="%(name)s，您好。")

    assert problems(capsys) == [f"the compiled .mo file differs in 1 entries, such as {MORNING!r}"]


def test_a_catalogue_that_was_never_compiled_is_named(package, capsys):
    path_of(package).with_suffix(".mo").unlink()

    assert problems(capsys) == ["the compiled .mo file is missing"]


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="xgettext is not installed")
def test_new_and_forgotten_words_are_named(package, capsys):
    source = package / "words.py"
    source.write_text(source.read_text().replace("Good morning", "Good evening"))

    assert problems(capsys) == ["not collected: 'Good evening, %(name)s.'", f"no longer in the code: {MORNING!r}"]


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="xgettext is not installed")
def test_collecting_brings_in_new_words_and_keeps_translations(package, capsys):
    source = package / "words.py"
    source.write_text(source.read_text() + 'farewell = _("Good night.")\n')

    assert translations.collect() == 1
    capsys.readouterr()

    assert polib.pofile(str(path_of(package))).find(MORNING).msgstr == "%(name)s，早上好。"
    assert problems(capsys) == ["not translated: 'Good night.'"]
