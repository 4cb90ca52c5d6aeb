"""Bodies on their way in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events import text

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><p>x</p></svg>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>1</script>'>x</a>",
    "<p style='position:fixed'>x</p>",
    "<iframe src='https://example.org'></iframe>",
    "<form action=/admin/><input name=x></form>",
    "<math><mtext></p><style><img src=x onerror=1></style></mtext></math>",
    "<noscript><p title='</noscript><img src=x onerror=1>'></noscript>",
    "<p id='pill' onclick='x()'>x</p>",
    "<!--<img src=x onerror=1>-->",
]


@pytest.mark.parametrize("body", HOSTILE)
def test_nothing_that_runs_is_left(body: str):
    cleaned = text.clean(body).lower()
    for poison in (
        "<script",
        "onerror",
        "onload",
        "onclick",
        "javascript:",
        "data:",
        "style=",
        "<iframe",
        "<form",
        "<svg",
        "id=",
    ):
        assert poison not in cleaned


def test_what_editors_use_stays():
    body = '<p>A <strong>bold</strong> <em>word</em> and a <a href="https://example.org/">link</a>.</p><ul><li>one</li></ul>'
    cleaned = text.clean(body)
    assert "<strong>bold</strong>" in cleaned
    assert 'rel="noopener nofollow"' in cleaned
    assert "<li>one</li>" in cleaned


def test_headings_of_any_level_stand_under_the_post():
    assert text.clean("<h1>Title</h1><h2 class=x>Sub</h2>") == "<h4>Title</h4><h4>Sub</h4>"


def test_empty_paragraphs_go():
    assert text.clean("<p>One</p><p>&nbsp;</p><p><br></p><blockquote><p></p></blockquote>") == "<p>One</p>"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("www.example.org/a?b=c#d", "https://www.example.org/a?b=c#d"), ("example.org", "https://example.org"),
        ("http://example.org", "http://example.org"), ("mailto:ann@example.org", "mailto:ann@example.org"),
        ("/events/call/", "/events/call/"), ("#top", "#top"), ("v1.2", "v1.2"),
    ],
)  # fmt: skip
def test_a_link_that_begins_with_a_host_leads_there(typed: str, kept: str):
    cleaned = text.clean(f'<p><a hreflang="de" href="{typed}">Here</a></p>')
    assert f'href="{kept}"' in cleaned and text.clean(cleaned) == cleaned


@given(st.text(alphabet="<>/abiphscrtonel=\"' &;!-", max_size=200))
def test_cleaning_twice_changes_nothing(body: str):
    once = text.clean(body)
    assert text.clean(once) == once


@given(st.text(max_size=300))
def test_plain_text_comes_back_as_it_was(words: str):
    lines = [" ".join(line.split()) for line in text.strip_bidi(words).replace("\x00", "").splitlines()]
    assert "<" not in text.paragraphs("a < b").replace("<p>", "").replace("</p>", "")
    if all(line.isascii() for line in lines):
        assert text.plain(text.clean(text.paragraphs("\n".join(lines)))).split() == " ".join(lines).split()


def test_turned_directions_are_taken_out():
    assert text.line("evil\u202etxt.exe  \n x") == "eviltxt.exe x"


@pytest.mark.parametrize(
    ("words", "length", "short"),
    [
        ("They agree", 10, "They agree"), ("They agree on it", 12, "They agree…"), ("They agree on it", 10, "They…"),
        ("They\n agree", 60, "They agree"), ("Donaudampfschiff", 5, "Dona…"), ("", 5, ""),
    ],
)  # fmt: skip
def test_words_are_cut_between_two_and_never_longer_than_asked(words: str, length: int, short: str):
    assert text.short(words, length) == short and len(short) <= length


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("It was said twice.", "It was said twice."),
        ("This post was withdrawn.", ""),
        ("this post was withdrawn because it was said twice.", "Because it was said twice."),
        ("This post was withdrawn: said twice.", "Said twice."),
        ("This post was withdrawnish.", "This post was withdrawnish."),
    ],
)
def test_a_sentence_that_stands_already_is_not_said_twice(said: str, left: str):
    assert text.after("This post was withdrawn.", said) == left


def test_an_address_that_is_a_paragraph_is_a_link():
    body = text.clean(text.paragraphs('See https://x.org/a\n\nhttps://x.org/?a=1&b="2"\n\nhttps://x.org/\nand more'))
    assert body == (
        "<p>See https://x.org/a</p>"
        '<p><a href="https://x.org/?a=1&amp;b=&quot;2&quot;" rel="noopener nofollow">https://x.org/?a=1&amp;b="2"</a></p>'
        "<p>https://x.org/<br>and more</p>"
    )
