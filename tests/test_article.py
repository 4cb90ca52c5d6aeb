"""The article: chosen posts, oldest first, as html and as Markdown, with every character itself."""

import json
from datetime import UTC, datetime

import pytest
from django.test import Client

from events import article, publishing, render
from events.article import What
from events.models import Event, Post
from events.publishing import Named, Words
from tests import cast

pytestmark = pytest.mark.django_db

FIRST = datetime(2025, 3, 18, 14, 0, tzinfo=UTC)
SECOND = datetime(2025, 3, 19, 9, 30, tzinfo=UTC)


def made(event: Event) -> article.Article:
    return article.of(event, event.posts.published().for_readers())


def publish(event: Event, headline: str = "", *, at: datetime = FIRST, **fields) -> Post:
    return publishing.publish(event, words=Words(headline=headline, **fields), by=None, at=at).post


def body(event: Event, html: str) -> str:
    """The Markdown of a post's body."""
    publish(event, body=html)
    return article.markdown(made(event)).split("GMT\n\n", 1)[1].rstrip("\n")


def test_posts_stand_oldest_first_under_their_days(event):
    publish(event, "The second day", at=SECOND)
    publish(event, "The first day")
    told = [(block.what, block.text) for block in made(event).blocks]
    assert told == [
        (What.DAY, "18 March 2025"),
        (What.HEADLINE, "The first day"),
        (What.TIME, "14:00 GMT"),
        (What.DAY, "19 March 2025"),
        (What.HEADLINE, "The second day"),
        (What.TIME, "09:30 GMT"),
    ]


def test_it_begins_with_who_reported_and_parts_what_has_no_headline(event):
    publishing.change(event, by=None, team_line="Reporting by Ada's team in Delhi")
    event.refresh_from_db()
    publish(event, "The first")
    publish(event, body="<p>It's on.</p>")
    html = article.html(made(event))
    assert "</h1>\n<p>Reporting by Ada's team in Delhi</p>\n<h2>" in html
    assert html.count("<hr>\n<p><small><time") == 1 and "&#x27;" not in html
    assert "\n\n***\n\n14:00 GMT" in article.markdown(made(event))


def test_sources_dates_and_corrections_are_said_in_words(event):
    named = Named(
        source=cast.scavino(), verb="wrote", medium="on X", quote="Going “well”.", place="Washington",
        said_at=FIRST, link="https://x.example/1?a=1&b=2",
    )  # fmt: skip
    unnamed = Named(basis="unnamed", described_as="a diplomat", reason_unnamed="not allowed to speak")
    post = publish(event, "It goes well", kind="elsewhere", standing="not_confirmed", attributions=(named, unnamed))
    words = Words(headline="It goes on", kind="elsewhere", standing="confirmed", attributions=(named, unnamed))
    publishing.correct(post, words=words, revision=1, note="We said “well”.", by=None, at=FIRST)
    html = article.html(made(event))
    assert "Dan Scavino, deputy chief of staff, White House, wrote on X in Washington at 14:00 GMT" in html
    assert '<a href="https://x.example/1?a=1&amp;b=2" rel="noopener nofollow">' in html
    assert "Source: a diplomat, not named: not allowed to speak." in html
    assert "<strong>Correction, 14:00 GMT</strong> We said “well”." in html
    assert "14:00 GMT</time> · Reported elsewhere</small>" in html
    assert "<h3>It goes on</h3>" in html and "It goes well" not in html
    marked = article.markdown(made(event))
    assert "> “Going “well”.”\n>\n> — [Dan Scavino, deputy chief of staff" in marked
    assert "](<https://x.example/1?a=1&b=2>)" in marked
    assert "**Correction, 14:00 GMT** We said “well”." in marked


def test_what_is_read_days_later_has_dates_and_key_events_are_marked(event):
    sunday, tuesday = datetime(2025, 3, 16, 9, 0, tzinfo=UTC), datetime(2025, 3, 18, 9, 0, tzinfo=UTC)
    quoted = Named(source=cast.scavino(), quote="Well.", said_at=sunday, said_precision="day")
    seen = Named(source=cast.bloomberg(), basis="outlet", said_at=tuesday, said_precision="day")
    fields = {"kind": "background", "key_event": True, "attributions": (quoted, seen)}
    post = publish(event, "It goes well", **fields)
    words = Words(headline="It goes on", **fields)
    publishing.correct(post, words=words, revision=1, note="It goes on.", by=None, at=SECOND)
    html = article.html(made(event))
    assert "said on 16 March 2025<" in html and "Reported by Bloomberg on 18 March 2025." in html
    assert "Sunday" not in html and "Tuesday" not in html
    assert "<strong>Correction, 09:30 GMT on 19 March 2025</strong>" in html
    assert "14:00 GMT</time> · Key event · Background</small>" in html
    assert "14:00 GMT · Key event · Background" in article.markdown(made(event))
    # The page itself is read on the day, and keeps its words.
    assert "on Sunday" in render.post_html(post)


def test_a_note_that_says_nothing_is_left_out(event):
    post = publish(event, "The call begins")
    publishing.revise(post, words=Words(headline="The call begins at 14:00"), revision=1, by=None, change="addition")
    words = Words(headline="The call begins at 14:00 GMT")
    publishing.revise(post, words=words, revision=2, by=None, change="addition", note="The hour.")
    whole = made(event)
    assert [block.text for block in whole.blocks if block.what is What.NOTE] == ["The hour."]
    assert article.html(whole).count("Added") == article.markdown(whole).count("Added") == 1
    # The page says when, as the newsroom asks.
    page = render.post_html(Post.objects.for_readers().get(pk=post.pk))
    assert page.count("Added") == 2


def test_it_speaks_the_events_language(event):
    publishing.change(event, by=None, language="ar")
    event.refresh_from_db()
    publish(event, "مكالمة", standing="not_confirmed")
    html = article.html(made(event))
    assert html.startswith('<article lang="ar" dir="rtl">')
    assert "Not confirmed" not in html


def test_the_same_posts_make_the_same_bytes(event):
    for number in range(5):
        publish(event, f"Post {number}", body="<p>A <strong>b</strong>.</p>")
    posts = list(event.posts.published().for_readers())
    turned = article.of(event, reversed(posts))
    for write in (article.html, article.markdown, article.document):
        assert write(article.of(event, posts)) == write(turned)


def test_nothing_in_the_html_runs_or_is_hidden(event):
    publishing.change(event, by=None, title="A <script>alert(1)</script> & “title”")
    event.refresh_from_db()
    publish(event, "<img src=x onerror=alert(1)>", body="<p onclick=x()>A<script>1</script></p>", byline='"><b>')
    html = article.html(made(event))
    assert "<script" not in html and "<img" not in html and "onclick" not in html
    assert "<h3>&lt;img src=x onerror=alert(1)&gt;</h3>" in html
    assert "style" not in html and "class=" not in html


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>Plain words.</p><p>And more.</p>", "Plain words.\n\nAnd more."),
        (
            "<p>A <strong>bold</strong>, <em>slanted</em> and <s>gone</s> word.</p>",
            "A **bold**, *slanted* and ~~gone~~ word.",
        ),
        (
            "<p>2 * 3 * 4 and snake_case and `code` and [no](link)</p>",
            r"2 \* 3 \* 4 and snake\_case and \`code\` and \[no\](link)",
        ),
        (
            "<p># no heading</p><p>1. no list</p><p>- no list</p><p>+ nor this</p>",
            "\\# no heading\n\n1\\. no list\n\n\\- no list\n\n\\+ nor this",
        ),
        ("<p>one<br>- two<br>2) three</p>", "one\\\n\\- two\\\n2\\) three"),
        ("<p>a &lt;b&gt; &amp;copy; c &amp; d</p>", r"a \<b> \&copy; c & d"),
        ("<p>&gt; no quotation</p><p>=== no line</p>", "\\> no quotation\n\n\\=== no line"),
        ("<p>a | b</p><p>~~~</p>", "a \\| b\n\n\\~\\~\\~"),
        ('<p><a href="https://a.example/x_(y)?q=1&amp;copy;=2">A [link]</a></p>', r"[A \[link\]](<https://a.example/x_(y)?q=1&amp;copy;=2>)"),
        ("<ul><li>one</li><li>two<ol><li>in</li></ol></li></ul>", "- one\n- two\n\n  1. in"),
        ("<ul><li>one</li></ul><ul><li>other</li></ul>", "- one\n\n* other"),
        ("<blockquote><p>said</p><p>more</p></blockquote>", "> said\n>\n> more"),
        ("<h4>Below</h4><p>x<sup>2</sup></p>", "#### Below\n\nx<sup>2</sup>"),
        (
            "<p>in<strong>side</strong> and “<strong>“quoted”</strong>s</p>",
            "in**side** and “<strong>“quoted”</strong>s",
        ),
        ("<p><strong> spaced </strong>out</p>", "**spaced** out"),
        ("<p><code>a`b</code></p>", "``a`b``"),
        ("<p><strong>a</strong><em>b</em></p>", "<strong>a</strong>*b*"),
        ("<p>back\\slash</p>", "back\\\\slash"),
    ],
)  # fmt: skip
def test_markdown_keeps_every_character(event, html, markdown):
    assert body(event, html) == markdown


def test_a_headline_is_no_mark_of_its_own(event):
    publish(event, "1. *Stars* & #tags #")
    assert "### 1. \\*Stars\\* & \\#tags \\#\n" in article.markdown(made(event))


# At the desk


def at(event: Event, path: str = "") -> str:
    return f"/admin/events/event/{event.pk}/desk/article/{path}"


def leave_out(client: Client, event: Event, *posts: Post):
    content = {"composer": "article", "content": {"without": [post.pk for post in posts]}}
    address = f"/admin/events/event/{event.pk}/desk/autosave/"
    return client.post(address, json.dumps(content), content_type="application/json")


def test_all_posts_are_chosen_at_first_and_choices_are_kept(ada, event):
    kept, dropped = publish(event, "Stays"), publish(event, "Goes", kind="background")
    page = ada.get(at(event)).content.decode()
    assert page.count("checked>") == 2 and "Background" in page
    assert leave_out(ada, event, dropped).status_code == 200
    page = ada.get(at(event)).content.decode()
    assert page.count("checked>") == 1 and "1 of 2 chosen" in page
    for form in ("html/", "md/"):
        answer = ada.get(at(event, form))
        name = f'attachment; filename="two-presidents-on-the-phone.{form[:-1]}"'
        assert answer["Content-Disposition"] == name
        assert kept.headline in answer.content.decode() and dropped.headline not in answer.content.decode()


def test_title_and_standfirst_are_the_articles_own(ada, event):
    publish(event, "Stays")
    content = {
        "composer": "article",
        "content": {"without": [], "title": "How the <call> went", "standfirst": "In short."},
    }
    address = f"/admin/events/event/{event.pk}/desk/autosave/"
    ada.post(address, json.dumps(content), content_type="application/json")
    assert "<h1>How the &lt;call&gt; went</h1>\n<p>In short.</p>" in ada.get(at(event, "html/")).content.decode()
    assert ada.get(at(event, "md/")).content.decode().startswith("# How the \\<call> went\n\nIn short.\n")
    assert 'value="How the &lt;call&gt; went"' in ada.get(at(event)).content.decode()
    event.refresh_from_db()
    assert event.title == "Two presidents on the phone"


def test_a_doubt_is_said_once(event, editor):
    doubted = publish(event, "Doubted from the beginning", standing="not_confirmed")
    assert article.html(made(event)).lower().count("not confirmed") == 1
    publishing.stand(doubted, by=editor, standing="disputed")
    html = article.html(made(event))
    assert "This is disputed." not in html and html.lower().count("disputed") == 1


def test_what_was_left_out_is_not_loaded_into_the_composer(ada, event):
    leave_out(ada, event, publish(event, "Goes"))
    assert 'data-saved="[]"' in ada.get(f"/admin/events/event/{event.pk}/desk/").content.decode()


def test_drafts_and_withdrawn_posts_are_in_no_article(ada, event):
    publishing.save_draft(event, words=Words(headline="A draft"), by=None)
    publishing.withdraw(publish(event, "Withdrawn words"), by=None)
    for path in ("", "html/", "md/"):
        page = ada.get(at(event, path)).content.decode()
        assert "A draft" not in page and "Withdrawn words" not in page


def test_only_those_who_publish_make_it(client, event, django_user_model):
    assert client.get(at(event)).status_code == 302
    client.force_login(django_user_model.objects.create(username="reader"))
    for path in ("", "html/", "md/"):
        assert client.get(at(event, path)).status_code == 404
    assert client.get(f"/admin/events/event/{event.pk}/desk/archive/").status_code == 404


def test_an_unknown_form_is_not_there(ada, event):
    assert ada.get(at(event, "docx/")).status_code == 404


def test_the_page_and_both_forms_cost_the_same_for_many(ada, event, django_assert_max_num_queries):
    for number in range(30):
        publish(event, f"Post {number}", attributions=(Named(source=cast.bloomberg()),))
    for path, queries in (("", 9), ("html/", 11), ("md/", 11)):
        with django_assert_max_num_queries(queries):
            ada.get(at(event, path))


def test_the_entry_of_a_correction_is_left_out_until_it_is_put_in(ada: Client, event):
    post = cast.post(event).post
    entry = publishing.correct(post, words=cast.words(), revision=1, note="It was 14:00.", by=None).entry
    file = f"/admin/events/event/{event.pk}/desk/article/html/"

    def keep(**content):
        kept = {"composer": "article", "content": content}
        assert (
            ada.post(f"/admin/events/event/{event.pk}/desk/autosave/", json.dumps(kept), "application/json").status_code
            == 200
        )
        return ada.get(file).content.decode()

    assert ada.get(file).content.decode().count("It was 14:00.") == 1
    assert entry.headline not in keep(without=[], within=[])
    assert entry.headline in keep(without=[], within=[entry.pk])
