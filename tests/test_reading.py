"""What a reader's page is made of, whoever reads it: its parts, its outline, its languages, what it loads."""

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.test import Client

from events import publishing, text
from events.models import Event, Post
from events.publishing import Line, Named
from tests import cast

pytestmark = pytest.mark.django_db

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Outline(HTMLParser):
    """A page's elements in order: (name, attributes, the names of those around it)."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None], list[str]]] = []
        self._around: list[str] = []
        self.feed(page)
        assert self._around == [], "An element is not closed."

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), list(self._around)))
        if tag not in VOID:
            self._around.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._around.pop() == tag

    def all(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes, _around in self.elements if name in names]


@pytest.fixture
def full(event: Event) -> list[Post]:
    """Twenty-two posts: one without a title, one quoted, one corrected, key ones; a summary and a pin. Oldest first."""
    named = Named(source=cast.scavino(), verb="wrote", medium="on X", quote="The call is going well.")
    begin = datetime(2025, 3, 18, 14, 0, tzinfo=UTC)
    posts = []
    for number in range(22):
        words = cast.words(f"Post {number}", attributions=(named,) * (number == 20), key_event=number % 7 == 0)
        if number == 19:
            words = cast.words("")
        at = begin + timedelta(minutes=number)
        posts.append(publishing.publish(event, words=words, by=None, at=at).post)
    publishing.pin(event, post=posts[18], by=None)
    publishing.summarise(event, lines=[Line(text="They talk.", post=posts[2]), Line(text="On what.")], by=None)
    corrected = cast.words("Post 17, put right")
    publishing.correct(posts[17], words=corrected, revision=1, note="It was half past seven.", by=None)
    return posts


@pytest.fixture
def page(client: Client, event: Event, full) -> str:
    return client.get("/events/call/").content.decode()


def test_r5_nothing_but_three_styles_stands_before_the_first_paint(page: str):
    outline = Outline(page)
    scripts = outline.all("script")
    assert scripts
    for script in scripts:
        assert script.get("type") in ("module", "application/ld+json") or "defer" in script
        assert "src" in script or script["type"] == "application/ld+json"
    styles = [link for link in outline.all("link") if link.get("rel") == "stylesheet"]
    # What is for paper waits for nobody.
    assert len([link for link in styles if link.get("media") != "print"]) <= 3
    assert all(link["href"].startswith(settings.STATIC_URL) for link in styles)
    assert outline.all("style", "iframe", "object") == []


def test_r4_nothing_is_asked_of_anybody_else(page: str):
    own = (settings.STATIC_URL, "/media/", settings.SITE_URL, "data:")
    for name, attributes, _around in Outline(page).elements:
        if name in ("script", "img", "iframe", "source", "video", "audio", "embed"):
            assert attributes.get("src", settings.STATIC_URL).startswith(own), attributes
        if name == "link" and attributes["rel"] in ("stylesheet", "preload", "modulepreload", "icon", "preconnect"):
            assert attributes["href"].startswith(own), attributes


@pytest.mark.parametrize(
    "pasted",
    [
        '<p>Look<img src="https://pictures.example/a.jpg"></p>',
        '<p>Look</p><iframe src="https://www.youtube.com/embed/a"></iframe>',
        '<p>Look</p><video src="https://pictures.example/a.mp4" autoplay></video>',
        '<p>Look</p><blockquote class="twitter-tweet"><script src="https://platform.example/w.js"></script></blockquote>',
        '<p>Look</p><object data="https://pictures.example/a"></object><embed src="https://pictures.example/b">',
    ],
)
def test_r6_nothing_that_would_load_and_take_room_later_comes_in_with_pasted_words(pasted: str):
    cleaned = text.clean(pasted)
    assert "Look" in cleaned
    assert not re.search(r"<(img|iframe|video|audio|object|embed|script)|https:", cleaned)


def test_r6_what_has_a_picture_has_its_room(page: str):
    for media in Outline(page).all("img", "iframe", "video", "embed", "object"):
        assert media.get("width") and media.get("height"), media


def test_r21_the_pinned_post_stands_in_the_head_and_leaves_a_line(page: str, full):
    head, posts = page.split('id="posts"', 1)
    pinned = head.split('class="pinned"', 1)[1].split("</section>", 1)[0]
    assert "<details>" in pinned and "Post 18" in pinned
    assert "The two are on the line." in pinned
    # The line before it is what the style sheet folds it by.
    before = posts.split(f'id="p-{full[18].pk}"', 1)[0].rsplit("</article>", 1)[1]
    assert '<p class="pinned-here" data-separator>Pinned at the top</p>' in before
    assert posts.count("pinned-here") == 1


def test_r21_the_pinned_post_keeps_its_corrections_and_its_standing(client: Client, event: Event):
    post = cast.post(event, "Seven o'clock").post
    publishing.pin(event, post=post, by=None)
    publishing.correct(post, words=cast.words("Half past seven"), revision=1, note="The hour was wrong.", by=None)
    publishing.stand(post, by=None, standing="disputed")
    page = client.get("/events/call/").content.decode()
    pinned = page.split('class="pinned"', 1)[1].split("</section>", 1)[0]
    summary, rest = pinned.split("</summary>")
    assert '<span class="standing disputed">This is disputed.</span>' in summary
    assert '<p class="note">' in rest and "The hour was wrong." in rest
    assert rest.index("The hour was wrong.") < rest.index('class="words"') < rest.index('class="label standings"')


def test_r21_the_pinned_post_says_all_that_it_says_in_its_place(client: Client, event: Event):
    named = Named(source=cast.scavino(), verb="wrote", medium="on X", quote="Tout va bien.", language="fr")
    at = datetime(2025, 3, 17, 9, 30, tzinfo=UTC)
    fields = {"byline": "By Ada", "occurred_at": at, "occurred_precision": "minute", "attributions": (named,)}
    post = cast.post(event, "At nine", **fields).post
    publishing.correct(post, words=cast.words("Half past nine", **fields), revision=1, note="The hour.", by=None)
    post.refresh_from_db()
    for pinned in (post, post.corrections.get().entry):
        publishing.pin(event, post=pinned, by=None)
        page = client.get("/events/call/").content.decode()
        top = page.split('class="pinned"', 1)[1].split("</section>", 1)[0].split("</summary>")[1]
        column = page.split(f'id="p-{pinned.pk}"', 1)[1].split("</h3>", 1)[1].split("</article>", 1)[0]
        said = column.split('<p class="label share">')[0].strip()
        assert " ".join(said.split()) in " ".join(top.split())
        assert ("By Ada" in said and 'lang="fr"' in said and "Happened:" in said) is (pinned == post)
        assert ("Read the corrected post" in said) is (pinned != post)


def test_r21_without_a_pin_there_is_no_line(client: Client, event: Event):
    cast.post(event)
    page = client.get("/events/call/").content.decode()
    assert 'class="pinned"' not in page and "pinned-here" not in page


def test_r23_the_summary_has_a_time_of_its_own_and_corrections_stand_on_their_posts(page: str, event: Event, full):
    event.refresh_from_db()
    summary = page.split('class="summary"', 1)[1].split("</section>", 1)[0]
    assert f'<time datetime="{event.summary_at:%Y-%m-%dT%H:%M:%SZ}"' in summary
    assert f'data-to="{full[2].pk}"' in summary
    post = page.split(f'id="p-{full[17].pk}"', 1)[1].split("</article>", 1)[0]
    assert re.search(
        r'<p class="note"><b class="label">Correction · <time .*?</b> <bdi>It was half past seven.</bdi>', post
    )
    # And as an entry of its own, which leads there.
    entry = page.split("Correction to “Post 17, put right”", 1)[1].split("</article>", 1)[0]
    assert f'data-to="{full[17].pk}"' in entry


def test_r28_it_has_landmarks_and_one_outline(page: str):
    outline = Outline(page)
    assert len(outline.all("main")) == len(outline.all("h1")) == 1
    headings = [int(name[1]) for name, _attributes, _around in outline.elements if re.fullmatch("h[1-6]", name)]
    assert headings[0] == 1
    assert all(after - before <= 1 for before, after in zip(headings, headings[1:], strict=False) if before != 1)
    for name, attributes, around in outline.elements:
        if name in ("nav", "section", "aside"):
            assert attributes.get("aria-label") or attributes.get("aria-labelledby"), attributes
        if name == "article":
            assert around[-1] == "section"
            assert attributes["aria-labelledby"] == f"h-{attributes['data-post']}"
    ids = [attributes["id"] for _name, attributes, _around in outline.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    named = [attributes.get("aria-labelledby") for _name, attributes, _around in outline.elements]
    assert {one for one in named if one} <= set(ids)


def test_r28_each_post_has_a_heading_also_without_a_title(page: str, full):
    articles = page.split('id="posts"', 1)[1].split("<article")[1:]
    assert all(article.count("<h3") == 1 for article in articles)
    untitled = page.split(f'id="p-{full[19].pk}"', 1)[1].split("</article>", 1)[0]
    assert re.search(r'<h3 [^>]*class="unseen">Update at 14:19 GMT</h3>', untitled)


def test_r28_the_posts_are_no_live_region(page: str):
    assert not re.search(r'role="(feed|log|alert)"|aria-live', page)
    assert page.count('role="status"') == 1


@pytest.mark.parametrize(
    ("language", "direction", "said"),
    [
        ("en", "ltr", ("LIVE", "Oldest first", "Correction · ", "Key events", "What we know", "7:30 pm in Town")),
        ("ar", "rtl", ("مباشر", "الأقدم أولاً", "تصحيح · ", "أبرز الأحداث", "ما نعرفه", "7:30 مساءً in Town")),
        ("hi", "ltr", ("लाइव", "पुरानी पोस्ट पहले", "भूल सुधार · ", "मुख्य घटनाएँ", "अब तक क्या पता है", "in Town शाम 7:30 बजे")),
    ],
)
def test_r27_the_page_speaks_the_events_language_throughout(client: Client, language: str, direction: str, said):
    event = cast.event(
        "talk",
        title="42",
        language=language,
        zones=[{"zone": "Asia/Kolkata", "name": "in Town"}],
        starts_at=datetime(2025, 3, 18, 14, 0, tzinfo=UTC),
    )
    named = Named(
        source=cast.bloomberg(), verb="wrote", medium="X", quote="42", said_at=datetime(2025, 3, 17, tzinfo=UTC)
    )
    post = publishing.publish(
        event, words=cast.words("42", body="<p>42</p>", attributions=(named,), key_event=True), by=None
    ).post
    publishing.correct(post, words=cast.words("42", body="<p>43</p>", key_event=True), revision=1, note="43", by=None)
    publishing.pin(event, post=post, by=None)
    publishing.summarise(event, lines=[Line(text="42", post=post)], by=None)
    for address in ("/events/talk/", "/embed/talk/"):
        page = client.get(address).content.decode()
        assert f'<html lang="{language}" dir="{direction}"' in page
        for words in said:
            if address.startswith("/events/") or words != said[1]:
                assert words in page, (address, words)
        if language != "en":
            body = re.sub(r"<script.*?</script>", " ", re.split("<body[^>]*>", page)[1], flags=re.DOTALL)
            shown = re.sub(r"<title>.*?</title>|<[^>]*>|&\w+;", " ", body)
            left = set(re.findall("[A-Za-z]{2,}", shown)) - {"Newsroom", "GMT", "in", "Town", "Bloomberg"}
            assert left == set(), address


def test_r27_words_of_people_find_their_own_direction(page: str):
    for name, attributes, around in Outline(page).elements:
        # A headline runs as its event does (tests/test_headings.py).
        if name == "h3" and "article" in around and attributes.get("class") != "unseen":
            assert attributes.get("dir") == "ltr"
        if attributes.get("class") == "words":
            assert attributes.get("dir") == "auto"
