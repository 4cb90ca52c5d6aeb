"""Arabic is whole: nothing that a reader can see is left in English."""

import gettext
import re

import pytest

from tests import messages
from tests.services import ROOT

FOLDER = ROOT / "locale" / "ar" / "LC_MESSAGES"
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}")


@pytest.fixture(scope="module")
def entries():
    return messages.read_po(FOLDER / "django.po")[1:]


def test_every_string_of_the_readers_is_there_and_translated(entries):
    translated = {entry.ids[0] for entry in entries if all(entry.texts)}
    wanted = {ids[0] for ids in messages.of_readers()}
    assert len(wanted) > 90
    assert wanted - translated == set()


def test_the_gathering_finds_templates_modules_and_choices():
    found = messages.of_readers()
    assert {("What we know",), ("Update at %(time)s",), ("{time} earlier",), ("wrote",)} <= found
    assert ("{n} correction", "{n} corrections") in found


def test_nothing_is_fuzzy(entries):
    assert [entry.ids for entry in entries if "fuzzy" in entry.flags] == []


def test_every_plural_has_all_six_forms(entries):
    plurals = {entry.ids[0]: len(entry.texts) for entry in entries if len(entry.ids) > 1}
    assert {"{n} new", "{n} new update", "{n} minute", "{n} hour", "{n} day", "{n} correction"} <= set(plurals)
    assert set(plurals.values()) == {6}


def test_no_placeholder_is_lost_or_invented(entries):
    for entry in entries:
        wanted = set(PLACEHOLDER.findall(entry.ids[0]))
        for text in entry.texts:
            found = set(PLACEHOLDER.findall(text))
            # "دقيقتين" is "two minutes" without a number.
            assert found <= wanted if len(entry.texts) > 1 else found == wanted, entry


def test_every_translation_is_in_arabic_letters(entries):
    for entry in entries:
        for text in entry.texts:
            words = PLACEHOLDER.sub("", text)
            assert not re.search("[A-Za-z]", words), text


def test_the_compiled_catalogue_is_in_step(entries):
    compiled = gettext.GNUTranslations((FOLDER / "django.mo").open("rb"))
    plural = gettext.c2py("n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5")
    for entry in entries:
        if len(entry.ids) == 1:
            assert compiled.gettext(entry.ids[0]) == entry.texts[0]
            continue
        for number in (0, 1, 2, 3, 11, 100):
            assert compiled.ngettext(entry.ids[0], entry.ids[1], number) == entry.texts[plural(number)]
    assert len([key for key in compiled._catalog if key and (not isinstance(key, tuple) or key[1] == 0)]) == len(
        entries
    )
