"""Every language is whole: nothing that a reader can see is left in English, and plurals count as its people do."""

import gettext
import io
import re

import pytest
from django.conf import settings
from django.utils import translation

from events import client_words
from tests.messages import catalogue, gathering
from tests.messages.__main__ import main
from tests.messages.catalogue import Catalogue, Entry
from tests.messages.gathering import Message

LANGUAGES = [code for code, _name in settings.LANGUAGES if code != "en"]
#: The letters of each language's script (Unicode blocks).
LETTERS = {"ar": "\u0600-\u06ff", "hi": "\u0900-\u097f"}
#: What stays as it is: placeholders, and tags.
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}|<[^>]*>")
COUNTED = {"{n} new", "{n} new update", "{n} minute", "{n} hour", "{n} day", "{n} correction"}


@pytest.fixture(params=LANGUAGES)
def found(request) -> Catalogue:
    return catalogue.read(request.param)


@pytest.fixture
def compiled(found: Catalogue) -> gettext.GNUTranslations:
    return gettext.GNUTranslations(catalogue.path(found.language).with_suffix(".mo").open("rb"))


def test_r27_there_are_two_complete_languages_besides_english():
    assert {"ar", "hi"} <= set(LANGUAGES)
    for language in LANGUAGES:
        assert catalogue.read(language).missing() == []


def test_every_string_of_the_readers_is_there_and_translated(found):
    wanted = gathering.of_readers()
    assert len(wanted) > 120
    assert {entry.message for entry in found.entries if entry.is_whole} == wanted, "Run: make messages"


def test_the_gathering_finds_templates_modules_choices_and_the_names_of_days():
    found = gathering.of_readers()
    assert {Message("What we know"), Message("Update at %(time)s"), Message("{time} earlier")} <= found
    assert {Message("wrote"), Message("Tuesday"), Message("pm", context="in the evening")} <= found
    assert Message("{n} correction", "{n} corrections") in found


def test_a_template_says_contexts_and_plurals_too(tmp_path):
    source = """{% translate "May" context "a month" %}{% blocktranslate count n=rows|length context "posts" %}{{ n }}
        post{% plural %}{{ n }} posts{% endblocktranslate %}{% translate 'It''s' %}{{ _("a (b)") }}"""
    assert set(gathering._in_template(source.replace("It''s", "Its"))) == {
        Message("May", context="a month"),
        Message("%(n)s\n        post", "%(n)s posts", "posts"),
        Message("Its"),
        Message("a (b)"),
    }


def test_every_plural_has_the_forms_of_its_language(found):
    plurals = {entry.message.one: len(entry.texts) for entry in found.entries if entry.message.other}
    assert set(plurals) >= COUNTED
    assert set(plurals.values()) == {found.forms}


def test_the_scripts_are_given_as_many_forms(found):
    with translation.override(found.language):
        words = client_words.words()
    assert len(words["updates"]) == found.forms
    assert len(client_words._SAMPLES[found.language]) == found.forms


def test_no_placeholder_is_lost_or_invented(found):
    for entry in found.entries:
        wanted = set(PLACEHOLDER.findall(entry.message.one))
        for text in entry.texts:
            given = set(PLACEHOLDER.findall(text))
            # "دقيقتين" is "two minutes" without a number.
            assert given <= wanted if len(entry.texts) > 1 else given == wanted, entry


def test_every_translation_is_in_the_letters_of_its_language(found):
    for entry in found.entries:
        for text in entry.texts:
            words = PLACEHOLDER.sub("", text)
            letters = [letter for letter in words if letter.isalpha()]
            assert all(re.match(f"[{LETTERS[found.language]}]", letter) for letter in letters), text


def test_the_files_are_in_step(found):
    file = catalogue.path(found.language)
    assert file.read_text(encoding="utf-8") == catalogue.text(found)
    assert file.with_suffix(".mo").read_bytes() == catalogue.compiled(found)


def test_the_command_keeps_translations_and_says_what_is_missing(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(catalogue, "ROOT", tmp_path)
    assert main() == 1
    assert "'What we know'" in capsys.readouterr().out
    found = catalogue.read("hi")
    for entry in found.entries:
        entry.texts = ["ठीक" for _text in entry.texts]
    catalogue.write(found)
    assert main() == 1
    said = capsys.readouterr().out.split("hi/")[1]
    assert " 0 to translate" in said
    assert catalogue.read("hi") == found


def test_gettext_reads_what_was_written(found, compiled):
    plural = gettext.c2py(catalogue.PLURALS[found.language].rpartition("plural=")[2].rstrip(";"))
    for entry in found.entries:
        one, other, context = entry.message
        if context:
            assert compiled.pgettext(context, one) == entry.texts[0]
        elif not other:
            assert compiled.gettext(one) == entry.texts[0]
        else:
            for number in (0, 1, 2, 3, 11, 100):
                assert compiled.ngettext(one, other, number) == entry.texts[plural(number)]


def test_what_is_dropped_comes_back_with_its_translation():
    hello, bye = Message("Hello"), Message("Bye")
    found = Catalogue("hi", [Entry(hello, ["नमस्ते"])])
    found.follow([bye])
    assert found.missing() == [bye]
    assert [entry.message for entry in found.old] == [hello]
    found.follow([hello, bye])
    assert found.missing() == [bye]
    assert found.old == []


def test_a_catalogue_is_read_as_it_was_written(tmp_path, monkeypatch):
    monkeypatch.setattr(catalogue, "ROOT", tmp_path)
    written = Catalogue("hi", [Entry(Message('A "b"\n%(n)s', "{c}", "d\\"), ["क", "ख"]), Entry(Message("e"), [""])])
    written.old = [Entry(Message("f", context="g"), ["ग"])]
    catalogue.write(written)
    assert catalogue.read("hi") == written
    read = gettext.GNUTranslations(io.BytesIO(catalogue.compiled(written)))
    assert read.npgettext("d\\", 'A "b"\n%(n)s', "{c}", 2) == "ख"
    assert read.gettext("e") == "e"
