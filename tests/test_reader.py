"""The reader's pages: complete without a script, the same for everybody, stable while posts come in."""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connections
from django.test import AsyncClient, Client

from events import publishing
from events.models import Event, Post
from events.publishing import Line
from tests import cast

pytestmark = pytest.mark.django_db


def at(minute: int) -> datetime:
    return datetime(2025, 3, 18, 14, 0, tzinfo=UTC) + timedelta(minutes=minute)


def fill(event: Event, count: int, **fields) -> list[Post]:
    """Posts a minute apart, each with a headline of its own."""
    return [
        publishing.publish(event, words=cast.words(f"Post number {n}", **fields), by=None, at=at(n)).post
        for n in range(count)
    ]


def get(client: Client, address: str, **headers):
    return client.get(address, headers=headers)


def text(response) -> str:
    return html.unescape(response.content.decode())


def ids(response) -> list[str]:
    """The posts of a page, in the order in which they stand."""
    return re.findall(r'<article[^>]* data-post="(\w+)"', text(response))


def link(response, rel: str) -> str:
    found = re.search(rf'<[^>]*rel="{rel}"[^>]*href="([^"]*)"', text(response))
    return found[1] if found else ""


def test_r1_the_page_is_complete_without_a_script(client: Client, event: Event):
    posts = fill(event, 25)
    publishing.mark(posts[3], by=None, key_event=True, key_label="They begin to talk")
    publishing.pin(event, post=posts[4], by=None)
    publishing.summarise(event, lines=[Line(text="They are on the line.", post=posts[2])], by=None)
    answer = get(client, "/events/call/")
    page = text(answer)
    assert answer.status_code == 200
    assert ">Two presidents on the phone</h1>" in page
    assert ">LIVE</b>" in page
    assert "They are on the line." in page
    assert "They begin to talk" in page
    assert 'class="pinned"' in page and "Post number 4" in page
    assert ids(answer) == [post.pk for post in reversed(posts)][:20]
    assert f'<a class="when" href="/events/call/posts/{posts[24].pk}/"' in page
    assert '<time datetime="2025-03-18T14:24:00Z" data-ago>14:24 GMT</time>' in page
    assert f'rel="next" href="?before={posts[5].order}"' in page
    assert '<noscript><a href="/events/call/">Refresh</a></noscript>' in page
    # A block of data is no script.
    assert re.findall(r"<script(?![^>]*\bsrc=)(?! type=\"application/ld\+json\")", page) == []


def test_an_event_without_posts_says_so(client: Client, event: Event):
    assert "Nothing has been posted yet." in text(get(client, "/events/call/"))


def test_r2_a_stranger_gets_no_cookie_and_one_vary(client: Client, event: Event):
    post = cast.post(event).post
    for address in ("/", "/events/call/", f"/events/call/posts/{post.pk}/", "/events/call/updates/?after=0"):
        answer = get(client, address)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer and not answer.cookies
        assert answer["Vary"] == "Accept-Encoding"
        assert re.fullmatch(r'W/"\w+"', answer["ETag"])


def test_the_page_says_how_long_it_may_be_kept(client: Client, event: Event):
    answer = get(client, "/events/call/")
    assert set(answer["Cache-Control"].split(", ")) == {"public", "max-age=0", "s-maxage=2", "must-revalidate"}
    assert answer["CDN-Cache-Control"] == "max-age=2, stale-while-revalidate=10, stale-if-error=60"
    answer = get(client, "/events/call/updates/?after=0")
    assert set(answer["Cache-Control"].split(", ")) == {"public", "max-age=0", "s-maxage=1"}
    assert answer["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("address", ["/", "/events/call/", "/events/call/updates/?after=0&epoch={epoch}", "{post}"])
def test_r2_what_has_not_changed_is_not_sent_again(client: Client, event: Event, address: str):
    post = cast.post(event).post
    address = address.format(epoch=event.stream.epoch, post=post.get_absolute_url())
    first = get(client, address)
    again = get(client, address, **{"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    for name in ("ETag", "Cache-Control", "Vary"):
        assert again[name] == first[name]
    publishing.revise(post, words=cast.words("Another"), revision=1, by=None)
    if address != "/":
        changed = get(client, address, **{"if-none-match": first["ETag"]})
        assert changed.status_code == 200 and changed["ETag"] != first["ETag"]


def test_asking_for_the_head_gives_the_same_headers_and_no_body(client: Client, event: Event):
    whole, head = client.get("/events/call/"), client.head("/events/call/")
    assert head.status_code == 200 and head.content == b""
    assert {name: head[name] for name in ("ETag", "Vary", "Cache-Control", "Content-Type")} == {
        name: whole[name] for name in ("ETag", "Vary", "Cache-Control", "Content-Type")
    }


def test_nothing_is_written_by_asking(client: Client, event: Event):
    for verb in (client.post, client.put, client.delete):
        assert verb("/events/call/").status_code == 405


def test_r2_the_page_is_byte_for_byte_the_same_for_everybody(client: Client, event: Event, editor, settings):
    settings.ALLOWED_HOSTS = ["*"]
    post = cast.post(event).post
    somebody = Client()
    somebody.force_login(editor)
    for address in ("/", "/events/call/", post.get_absolute_url(), "/events/call/updates/?after=0"):
        plain = get(client, address)
        for headers in ({"accept-language": "ar"}, {"host": "evil.example"}, {"cookie": "a=b; django_language=ar"}):
            other = get(somebody, address, **headers)
            assert other.content == plain.content
            assert other["ETag"] == plain["ETag"]
        assert get(somebody, address).content == plain.content
        assert b"evil.example" not in plain.content


@pytest.mark.django_db(transaction=True)
async def test_the_asgi_application_gives_the_same_bytes():
    await sync_to_async(cast.event)()
    answer = await AsyncClient().get("/events/call/")
    plain = await sync_to_async(Client().get)("/events/call/")
    assert (answer.status_code, answer.content) == (200, plain.content)
    assert answer["Vary"] == "Accept-Encoding" and not answer.cookies
    gone = await AsyncClient().get("/events/nothing/")
    assert gone.status_code == 404
    assert gone.content == (await sync_to_async(Client().get)("/events/nothing/")).content
    await sync_to_async(connections.close_all)()


def test_pages_ignore_arguments_that_they_do_not_know(client: Client, event: Event):
    fill(event, 3)
    plain = get(client, "/events/call/")
    for query in ("?utm_source=x&fbclid=y", "?show=all", "?order=random", "?before=1", "?before=%D9%A1", "?from=2"):
        other = get(client, f"/events/call/{query}")
        assert other.content == plain.content
        assert other["ETag"] == plain["ETag"]
    assert link(plain, "canonical") == f"{settings.SITE_URL}/events/call/"


def column(page: str) -> dict[str, str]:
    """The articles of a page by their posts."""
    return {found[1]: found[0] for found in re.finditer(r'<article[^>]* data-post="(\w+)".*?</article>', page, re.S)}


def test_r3_a_page_that_was_kept_is_a_fresh_one_after_one_answer(client: Client, event: Event):
    posts = fill(event, 4)
    kept = get(client, "/events/call/").content.decode()
    publishing.revise(posts[0], words=cast.words("Revised"), revision=1, by=None)
    publishing.withdraw(posts[1], by=None, note="Said twice.")
    publishing.remove(posts[2], by=None)
    publishing.pin(event, post=posts[3], by=None)
    fill(event, 2)
    after, epoch = (re.search(rf'data-{name}="(\w+)"', kept)[1] for name in ("sequence", "epoch"))
    answer = get(client, f"/events/call/updates/?after={after}&epoch={epoch}").json()
    shown = column(kept) | {row["post"]: row["html"] for row in answer["updates"]}
    fresh = get(client, "/events/call/").content.decode()
    assert {post: html for post, html in shown.items() if html} == column(fresh)
    assert [row["post"] for row in answer["updates"]] == list(dict.fromkeys(row["post"] for row in answer["updates"]))
    for name, part in answer["parts"].items():
        assert f'<div data-part="{name}">{part}</div>' in fresh
    assert answer["sequence"] == int(re.search(r'data-sequence="(\d+)"', fresh)[1])


def test_r26_a_time_is_written_in_the_events_zone_and_for_machines_in_utc(client: Client):
    event = cast.event("delhi", zone="Asia/Kolkata", zone_name="in India")
    publishing.publish(event, words=cast.words("Late"), by=None, at=datetime(2025, 3, 18, 18, 29, tzinfo=UTC))
    publishing.publish(event, words=cast.words("Early"), by=None, at=datetime(2025, 3, 18, 18, 31, tzinfo=UTC))
    page = text(get(client, "/events/delhi/"))
    assert '<time datetime="2025-03-18T18:29:00Z" data-ago>23:59 <bdi>in India</bdi></time>' in page
    assert '<time datetime="2025-03-18T18:31:00Z" data-ago>00:01 <bdi>in India</bdi></time>' in page
    assert '<p class="day" data-separator>Tuesday 18 March 2025</p>' in page


def test_r20_older_pages_show_each_post_once_while_new_ones_come_in(client: Client, event: Event):
    posts = fill(event, 50)
    seen, address = [], "/events/call/"
    while True:
        answer = get(client, address)
        seen += ids(answer)
        publishing.publish(event, words=cast.words("Meanwhile"), by=None)
        following = re.search(r'rel="next" href="(\?[^"]*)"', text(answer))
        if not following:
            break
        address = f"/events/call/{following[1]}"
    assert seen == [post.pk for post in reversed(posts)]


def test_r22_oldest_first_goes_on_where_it_ended(client: Client, event: Event):
    posts = fill(event, 45)
    seen, address = [], "/events/call/?order=oldest"
    while address:
        answer = get(client, address)
        seen += ids(answer)
        following = re.search(r'rel="next" href="(\?[^"]*)"', text(answer))
        address = f"/events/call/{following[1]}" if following else ""
    assert seen == [post.pk for post in posts]
    # The page's window begins with it: an edit of an earlier post is none of its news.
    begins = re.search(r'data-oldest="([^"]*)" data-newest="([^"]*)"', text(answer))
    assert begins and begins.groups() == (Post.objects.get(pk=ids(answer)[0]).order, "")


def test_r20_posts_of_one_moment_are_neither_lost_nor_doubled(client: Client, event: Event):
    posts = [publishing.publish(event, words=cast.words(f"{n}"), by=None, at=at(0)).post for n in range(45)]
    seen, query = [], ""
    for _page in range(3):
        answer = get(client, f"/events/call/{query}")
        seen += ids(answer)
        following = re.search(r'rel="next" href="(\?[^"]*)"', text(answer))
        query = following[1] if following else "?before=00000000000000000-0000000000"
    assert seen == [post.pk for post in reversed(posts)]


def test_r22_key_events_are_an_address_that_counts(client: Client, event: Event):
    posts = fill(event, 25)
    for post in posts[::8]:
        publishing.mark(post, by=None, key_event=True)
    answer = get(client, "/events/call/?show=key")
    assert ids(answer) == [post.pk for post in posts[::-8]]
    page = text(answer)
    assert 'data-show="key"' in page
    assert '<p class="label counted"><span data-count="keys">4</span> of <span data-count="all">25</span></p>' in page
    assert '<a href="/events/call/">All <span data-count="all">25</span></a>' in page
    assert '<a href="?show=key" aria-current="page">Key events <span data-count="keys">4</span></a>' in page
    # What was taken back stands in the column, and cannot be read.
    publishing.withdraw(posts[3], by=None)
    publishing.hold(posts[0], by=None)
    page = text(get(client, "/events/call/"))
    assert 'All <span data-count="all">23</span>' in page and 'Key events <span data-count="keys">3</span>' in page
    assert '</span> of <span data-count="all">23</span>' in text(get(client, "/events/call/?show=key"))


def test_the_page_costs_a_fixed_number_of_queries(client: Client, event: Event, django_assert_max_num_queries):
    fill(event, 2)
    with django_assert_max_num_queries(30) as few:
        get(client, "/events/call/")
    fill(event, 18)
    with django_assert_max_num_queries(len(few)):
        get(client, "/events/call/")


def test_r27_an_arabic_event_speaks_arabic_throughout(client: Client):
    event = cast.event("hiwar", title="رئيسان على الهاتف", language="ar", zone="Asia/Riyadh", zone_name="بتوقيت الرياض")
    posts = fill(event, 22)
    publishing.correct(posts[21], words=cast.words("خبر"), revision=1, note="الصحيح ثلاثة.", by=None)
    page = text(get(client, "/events/hiwar/"))
    assert '<html lang="ar" dir="rtl">' in page
    for said in ("مباشر", "منشورات أقدم", "الأقدم أولاً", "تصحيح لما ورد في «خبر»", "بتوقيت الرياض"):
        assert said in page, said
    shown = re.sub(r"<[^>]*>|data-words=\"[^\"]*\"", " ", page.split("<main", 1)[1].split("<script", 1)[0])
    for english in ("Updated", "Older", "Key events", "Refresh", "Edited", "Pinned", "Correction", "minutes"):
        assert english not in shown, english


def test_the_list_of_key_events_says_how_many_there_are(event: Event, client: Client):
    fill(event, 31, key_event=True)
    page = text(get(client, "/events/call/"))
    assert 'data-keys="31"' in page
    assert page.split("</nav>")[0].count("data-to=") == 30
    assert '<span data-count="keys">31</span>' in page
