"""Share pictures: our look, the words that readers see, and none for what cannot be read or written."""

import html
import io
import re
import threading
from dataclasses import replace

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import Client
from PIL import Image, features

from events import cards, publishing
from events.cards import drawing
from events.models import Event, Post
from events.publishing import Named
from events.views import cards as views
from tests import cast

pytestmark = pytest.mark.django_db

LIVE = (0xC4, 0x12, 0x2F)


@pytest.fixture(autouse=True)
def nothing_kept():
    views._kept.clear()


def picture_of(client: Client, address: str) -> tuple[str, dict[str, str]]:
    """The path of the picture that a page names, and all that it says of it."""
    page = html.unescape(client.get(address).content.decode())
    told = dict(re.findall(r'<meta property="og:image(?::(\w+))?" content="([^"]*)">', page))
    return told.get("", "").removeprefix(settings.SITE_URL), told


def load(client: Client, path: str) -> Image.Image:
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    return Image.open(io.BytesIO(answer.content)).convert("RGB")


def has_red(picture: Image.Image) -> bool:
    return any(
        sum(abs(a - b) for a, b in zip(colour, LIVE, strict=True)) < 60 for _n, colour in picture.getcolors(1 << 20)
    )


def has_ink(picture: Image.Image) -> int:
    """How many pixels are dark."""
    return sum(picture.convert("L").histogram()[:128])


def reread(post: Post) -> Post:
    return Post.objects.for_readers().get(pk=post.pk)


def test_r34_event_and_post_name_a_picture_with_its_size_and_words(client: Client, event: Event):
    post = cast.post(event, "They agree").post
    for address, said in (("/events/call/", "Two presidents on the phone"), (post.get_absolute_url(), "They agree")):
        path, told = picture_of(client, address)
        assert (told["width"], told["height"], told["type"]) == ("1200", "630", "image/png")
        assert told["alt"].startswith(said)
        assert load(client, path).size == (1200, 630)
        assert 'name="twitter:card" content="summary_large_image"' in client.get(address).content.decode()


def test_no_picture_says_live_which_it_would_say_for_ever(client: Client, event: Event):
    post = cast.post(event).post
    for address in ("/events/call/", post.get_absolute_url()):
        assert not has_red(load(client, picture_of(client, address)[0]))
    assert cards.of_event(event).live == "Live coverage"
    publishing.end(event, by=None)
    event.refresh_from_db()
    assert cards.of_event(event).live == ""


def test_a_notice_of_two_lines_is_whole_and_a_longer_title_leaves_it_room(event: Event):
    notice = "A replay of what was posted on 18 March 2025, in our own words, for whoever wants to see how it all went."
    event.title, event.notice = "Two presidents on the phone " * 7, notice
    card = cards.of_event(event)
    pen = drawing._Pen(Image.new("RGB", (1200, 630)), card)
    assert pen.count(notice, 32, 650, 9) == 2
    assert pen.block(notice, pen.headline(2) + 28, 32, 650, drawing.INK, 2) <= drawing.FOOT - 26
    one, two = (Image.open(io.BytesIO(cards.draw(replace(card, standing=said)))) for said in (notice[:40], notice))
    assert has_ink(two) > has_ink(one)


def test_the_address_changes_with_the_words_and_the_former_one_leads_on(client: Client, event: Event):
    post = cast.post(event, "Seven o'clock").post
    before, _told = picture_of(client, post.get_absolute_url())
    publishing.correct(post, words=cast.words("Half past seven"), revision=1, note="We had it wrong.", by=None)
    after, _told = picture_of(client, post.get_absolute_url())
    assert before != after
    answer = client.get(f"{before}?width=600&utm_source=x")
    assert (answer.status_code, answer["Location"]) == (302, f"{after}?width=600")
    assert load(client, f"{after}?width=600").size == (600, 315)


def test_the_standing_and_the_source_travel_with_it(event: Event):
    named = Named(source=cast.bloomberg(), basis="outlet", verb="reported")
    words = cast.words("A truce is near", attributions=(named,), standing="not_confirmed")
    card = cards.of_post(reread(publishing.publish(event, words=words, by=None).post))
    assert card.standing == "Not confirmed by us." and "Bloomberg" in card.source
    assert "Not confirmed by us." in card.alt
    quote = cards.of_post(reread(publishing.publish(event, words=cast.quote(), by=None).post))
    assert quote.is_quote and quote.headline == "The call is going well." and "Dan Scavino" in quote.source


@pytest.mark.parametrize("deed", ["hold", "withdraw", "retract", "remove", "undo"])
def test_what_readers_cannot_read_has_no_picture(client: Client, event: Event, deed: str):
    post = cast.post(event, "Halibut").post
    path, _told = picture_of(client, post.get_absolute_url())
    assert client.get(path).status_code == 200
    getattr(publishing, deed)(post, by=None, **({"note": "Wrong."} if deed == "retract" else {}))
    answer = client.get(path)
    assert answer.status_code == (404 if deed in ("hold", "undo") else 410)
    assert picture_of(client, post.get_absolute_url()) == ("", {})


def test_whoever_has_it_may_keep_it_and_a_cache_between_us_may_not(client: Client, event: Event):
    path, _told = picture_of(client, "/events/call/")
    answer = client.get(path)
    kept = set(answer["Cache-Control"].split(", "))
    assert {"public", "immutable", "max-age=86400", "s-maxage=2"} == kept
    assert not answer.cookies and answer["Vary"] == "Accept-Encoding"
    again = client.get(path, headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_it_is_drawn_once(client: Client, event: Event, monkeypatch):
    path, _told = picture_of(client, "/events/call/")
    first = client.get(path).content
    monkeypatch.setattr(cards, "draw", None)
    assert client.get(path).content == first


def test_only_so_many_are_drawn_at_once(client: Client, event: Event, monkeypatch):
    path, _told = picture_of(client, "/events/call/")
    monkeypatch.setattr(views, "_places", threading.BoundedSemaphore(1))
    monkeypatch.setattr(views, "PATIENCE", 0.01)
    with views._places:
        answer = client.get(path)
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "5", "no-store")
    assert client.get(path).status_code == 200


def test_arabic_and_hindi_are_shaped_and_written_from_their_own_edge(client: Client):
    assert features.check("raqm")
    for slug, language, title in (("hiwar", "ar", "رئيسان على الهاتف"), ("baat", "en", "दोनों राष्ट्रपति फोन पर")):
        event = cast.event(slug, title=title, language=language)
        assert cards.can_draw(cards.of_event(event))
        picture = load(client, picture_of(client, event.get_absolute_url())[0])
        line = picture.crop((0, 160, 1200, 300)).convert("L").point(lambda grey: 255 * (grey < 100))
        left, _top, right, _bottom = line.getbbox()
        assert (right > 1110) is (language == "ar") and (left < 90) is (language != "ar")
    # Joined letters are narrower than the same letters each by itself.
    font = cards.fonts.open_font(cards.fonts.WORDS, "هاتف", 60, 650)
    assert font.getlength("هاتف", direction="rtl") < sum(font.getlength(char) for char in "هاتف")


def test_what_no_font_can_write_has_no_picture_rather_than_boxes(client: Client, event: Event, monkeypatch):
    post = cast.post(event, "電話が始まった").post
    assert not cards.can_draw(cards.of_post(reread(post)))
    # The page and oEmbed show its event's then.
    assert picture_of(client, post.get_absolute_url())[0] == picture_of(client, "/events/call/")[0]
    said = client.get("/oembed/", {"url": settings.SITE_URL + post.get_absolute_url()}).json()
    assert said["thumbnail_url"].endswith(picture_of(client, "/events/call/")[0])
    assert client.get(f"{post.get_absolute_url()}card-12345678.png").status_code == 404
    # Nor where nothing can join the letters, or no font is installed.
    arabic = cards.of_event(cast.event("hiwar", title="رئيسان على الهاتف", language="ar"))
    monkeypatch.setattr("events.cards.drawing.features.check", lambda _name: False)
    cards.can_draw.cache_clear()
    assert not cards.can_draw(arabic)
    monkeypatch.setattr("events.cards.fonts._path", lambda _package, _name: None)
    cards.can_draw.cache_clear()
    assert not cards.can_draw(cards.of_event(event))
    caches["pages"].clear()
    assert picture_of(client, post.get_absolute_url()) == ("", {})
    assert 'name="twitter:card" content="summary"' in client.get(post.get_absolute_url()).content.decode()
    cards.can_draw.cache_clear()


@pytest.mark.parametrize(
    "headline", ["A", "Donaudampfschifffahrt" * 9, "word " * 39, "قناة " * 40, "a\u200db\u202a" * 20]
)
def test_any_headline_can_be_drawn(event: Event, headline: str):
    words = cast.words(
        headline[:200], standing="disputed", attributions=(Named(source=cast.scavino(), medium="X" * 70),)
    )
    card = cards.of_post(reread(publishing.publish(event, words=words, by=None).post))
    assert Image.open(io.BytesIO(cards.draw(card))).size == (1200, 630)
    assert len(cards.draw(card)) < 100_000


def test_oembed_has_a_thumbnail_that_fits(client: Client, event: Event):
    for most, width in (({}, 1200), ({"maxwidth": "700"}, 600), ({"maxwidth": "599"}, 300)):
        said = client.get("/oembed/", {"url": f"{settings.SITE_URL}/events/call/", **most}).json()
        assert (said["thumbnail_width"], said["thumbnail_height"]) == (width, 630 * width // 1200)
        assert load(client, said["thumbnail_url"].removeprefix(settings.SITE_URL)).size[0] == width
    said = client.get("/oembed/", {"url": f"{settings.SITE_URL}/events/call/", "maxheight": "100"}).json()
    assert "thumbnail_url" not in said
