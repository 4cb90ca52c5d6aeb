"""Facades: a link alone on its line says what it leads to, and nothing of the other site is loaded for that."""

import html as html_module
from datetime import timedelta

import pytest
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from events import article, facades, publishing, render, text
from events.facades import Link
from events.models import Post
from tests import cast

VIDEO = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"


def alone(address: str, words: str = "") -> str:
    """A clean body that is one link."""
    return text.clean(f'<p><a href="{html_module.escape(address)}">{words or html_module.escape(address)}</a></p>')


def said(html: str) -> str:
    return text.plain(facades.shown(html))


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        (VIDEO, "Video on YouTube"),
        (VIDEO + "&t=42s", "Video on YouTube"),
        ("https://m.youtube.com/watch?list=PL1&v=dQw4w9WgXcQ", "Video on YouTube"),
        ("https://youtu.be/dQw4w9WgXcQ?si=abc", "Video on YouTube"),
        ("https://www.youtube.com/live/dQw4w9WgXcQ", "Video on YouTube"),
        ("https://youtube.com/shorts/dQw4w9WgXcQ/", "Video on YouTube"),
        ("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ", "Video on YouTube"),
        ("https://vimeo.com/76979871", "Video on Vimeo"),
        ("https://vimeo.com/76979871/abcdef0123", "Video on Vimeo"),
        ("https://player.vimeo.com/video/76979871", "Video on Vimeo"),
        ("https://x.com/Scavino47/status/1902032143215423653", "Post by @Scavino47 on X"),
        ("https://mobile.twitter.com/Scavino47/status/1902032143215423653/photo/1", "Post by @Scavino47 on X"),
        ("https://x.com/i/web/status/1902032143215423653", "Post on X"),
        ("https://bsky.app/profile/reuters.com/post/3lknbhqxtyc2d", "Post by @reuters.com on Bluesky"),
        ("https://bsky.app/profile/did:plc:z72i7hdynmk6/post/3lknbhqxtyc2d", "Post on Bluesky"),
        ("https://mastodon.social/@Gargron/114184390235719204", "Post by @Gargron on mastodon.social"),
        (
            "https://mastodon.social/@who@chaos.social/114184390235719204",
            "Post by @who@chaos.social on mastodon.social",
        ),
        ("https://www.instagram.com/p/CuW3Jz9Nq8L/?igsh=1", "Post on Instagram"),
        ("https://www.instagram.com/natgeo/reel/CuW3Jz9Nq8L/", "Video on Instagram"),
        ("https://www.tiktok.com/@bbcnews/video/7483180237432704278", "Video by @bbcnews on TikTok"),
        ("https://vm.tiktok.com/ZMabc123/", "Video on TikTok"),
        ("https://www.facebook.com/watch/?v=1084722843521", "Video on Facebook"),
        ("https://www.facebook.com/WhiteHouse/videos/1084722843521/", "Video on Facebook"),
        ("https://www.facebook.com/WhiteHouse/posts/pfbid02abcDEF", "Post on Facebook"),
        ("https://m.facebook.com/story.php?story_fbid=pfbid02abcDEF&id=1", "Post on Facebook"),
        ("https://fb.watch/abc123xyz/", "Video on Facebook"),
        ("https://t.me/s/rian_ru/286071", "Post by @rian_ru on Telegram"),
    ],
)
def test_a_known_post_or_video_is_named(address, sentence):
    shown = said(alone(address))
    host, *_rest = address.removeprefix("https://").removeprefix("www.").split("/")
    assert shown.startswith(f"{sentence} {host}/")
    assert f'href="{html_module.escape(address)}"' in facades.shown(alone(address))


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://youtube.com.evil.org/watch?v=dQw4w9WgXcQ", "youtube.com.evil.org"),
        ("https://evilyoutube.com/watch?v=dQw4w9WgXcQ", "evilyoutube.com"),
        ("https://evil.org/youtube.com/watch?v=dQw4w9WgXcQ", "evil.org"),
        ("https://evil.org?youtube.com/watch?v=dQw4w9WgXcQ", "evil.org"),
        ("https://evil.org#youtube.com/watch?v=dQw4w9WgXcQ", "evil.org"),
        ("https://xn--yutube-wqf.com/watch?v=dQw4w9WgXcQ", "xn--yutube-wqf.com"),
        ("https://youtube.com:8443/watch?v=dQw4w9WgXcQ", "youtube.com:8443"),
        # Ids that are none.
        (f"https://www.youtube.com/watch?v={'x' * 900}", "youtube.com"),
        ("https://www.youtube.com/watch?v=dQw4w9WgXc%3C", "youtube.com"),
        (f"https://vimeo.com/{'9' * 60}", "vimeo.com"),
        ("https://x.com/somebody/status/1e9", "x.com"),
        (f"https://x.com/{'a' * 16}/status/20", "x.com"),
        ("https://x.com/Scavino47", "x.com"),
        ("https://www.youtube.com/@WhiteHouse/114184390235719204", "youtube.com"),
        ("https://medium.com/@somebody/a-title-0123456789ab", "medium.com"),
        ("https://www.reuters.com/world/europe/two-presidents-talk-2025-03-18/", "reuters.com"),
    ],
)
def test_any_other_page_is_its_host(address, host):
    found = facades.of(address)
    assert found == Link("page", found.place, host, found.address)
    assert said(alone(address)).startswith(host)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)//youtube.com/watch?v=dQw4w9WgXcQ",
        "data:text/html,https://youtu.be/dQw4w9WgXcQ",
        "mailto:desk@example.org",
        "https://youtube.com@evil.org/watch?v=dQw4w9WgXcQ",
        "https://user:secret@www.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://evil.org\\@www.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com\\@evil.org/watch?v=dQw4w9WgXcQ",
        "https://youtube.com\u202e/watch?v=dQw4w9WgXcQ",
        # A Cyrillic letter.
        "https://\u0443outube.com/watch?v=dQw4w9WgXcQ",
        "https://you\ttube.com/watch?v=dQw4w9WgXcQ",
        "https://youtube.com%2eevil.org/watch?v=dQw4w9WgXcQ",
        "https://[::1]/watch?v=dQw4w9WgXcQ",
        "https://youtube.com:99999/watch?v=dQw4w9WgXcQ",
        "https:///watch?v=dQw4w9WgXcQ",
        "//youtube.com/watch?v=dQw4w9WgXcQ",
        "/events/call/",
        "https://localhost/x",
        f"https://example.org/{'x' * 2000}",
        "",
    ],
)
def test_what_could_be_read_in_two_ways_stays_a_plain_link(address):
    assert facades.of(address) is None
    body = alone(address, "Look")
    assert facades.shown(body) == body


def test_the_words_of_a_link_stand_first_and_cannot_turn_the_line():
    shown = facades.shown(alone(VIDEO, "The <strong>Kremlin</strong>’s\u202e statement"))
    assert "<b><bdi>The Kremlin’s statement</bdi></b>" in shown
    assert text.plain(shown) == "The Kremlin’s statement Video on YouTube · youtube.com/watch?v=dQw4w9WgXcQ"
    # An address as words says nothing, least of all another address.
    assert said(alone("https://evil.org/a", "https://www.reuters.com/")) == "evil.org /a"
    assert said(alone("https://www.reuters.com/a", "reuters.com/a")) == "reuters.com /a"
    assert said(alone("https://www.reuters.com/a", "What Reuters says")) == "What Reuters says reuters.com/a"
    assert "&lt;b&gt;" in facades.shown(alone(VIDEO, "a &lt;b&gt; c"))


@pytest.mark.parametrize(
    "body",
    [
        f'<p>See <a href="{VIDEO}">this</a></p>',
        f'<p><a href="{VIDEO}">this</a> and <a href="{VIDEO}">that</a></p>',
        f'<ul><li><p><a href="{VIDEO}">this</a></p></li></ul>',
        f'<blockquote><p><a href="{VIDEO}">this</a></p></blockquote>',
        f'<h4><a href="{VIDEO}">this</a></h4>',
        f"<p>{VIDEO}</p>",
    ],
)
def test_other_links_stay_as_they_are(body):
    assert facades.shown(text.clean(body)) == text.clean(body)


def test_blanks_around_it_and_a_list_before_it_do_not_matter():
    body = text.clean(f'<ul><li>one</li></ul><p dir="ltr"> <a href="{VIDEO}" hreflang="en">{VIDEO}</a>&nbsp;<br></p>')
    assert facades.shown(body).count('class="facade" data-what="video"') == 1


@given(st.lists(st.sampled_from(["<p>", "</p>", f'<a href="{VIDEO}">', "</a>", "x", "<ul>", "</ul>", "<", '"', "&"])))
def test_nothing_but_our_own_attributes_is_added(pieces):
    body = text.clean("".join(pieces))
    shown = facades.shown(body)
    assert text.clean(shown.replace(' dir="ltr"', "")).count("<a ") == body.count("<a ")
    assert text.plain(text.clean(shown)) == text.plain(shown)


@pytest.mark.django_db
def test_page_pin_and_feed_show_it_and_record_and_article_keep_the_link(client, event):
    done = cast.post(event, body=f'<p>Both speak.</p><p><a href="{VIDEO}">{VIDEO}</a></p>')
    publishing.pin(event, post=done.post, by=None)
    event.refresh_from_db()
    post = event.posts.for_readers().get()
    assert "facade" not in post.html
    for html in (render.post_html(post), render.part_html(event, "pinned")):
        assert '<p class="facade" data-what="video" dir="ltr"><a href="https://www.youtube.com/' in html
        assert 'rel="noopener nofollow" target="_blank"><b>Video on <bdi>YouTube</bdi></b>' in html
    Post.objects.update(published_at=timezone.now() - timedelta(hours=1))
    for address in ("/events/call/", post.get_absolute_url(), "/embed/call/", "/events/call/feed.json"):
        assert b"Video on <bdi>YouTube</bdi>" in client.get(address).content, address
    made = article.of(event, [post])
    assert f'<p><a href="{VIDEO}" rel="noopener nofollow">{VIDEO}</a></p>' in article.html(made)
    assert f"(<{VIDEO}>)" in article.markdown(made)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("ar", "منشور من @Scavino47 على X"), ("hi", "X पर @Scavino47 की पोस्ट"), ("en", "Post by @Scavino47 on X")],
)
def test_it_speaks_the_language_of_the_event(language, sentence):
    with translation.override(language):
        shown = facades.shown(alone("https://x.com/Scavino47/status/1902032143215423653"))
    assert text.plain(shown).startswith(sentence)
    assert ('dir="rtl"' in shown) is (language == "ar")
