"""The preview shows what publishing would make, and leaves nothing behind."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone

from events import publishing, render
from events.models import Attribution, Post, Source
from events.templatetags import newsroom
from tests import cast


@pytest.fixture
def show(client, editor, event):
    """Ask for the preview of a composer; answers the response."""
    client.force_login(editor)

    def show(**words):
        content = json.dumps({"words": words})
        return client.post(f"/admin/events/event/{event.pk}/desk/preview/", content, content_type="application/json")

    return show


def test_it_is_the_article_that_readers_get(show, event):
    source = cast.scavino()
    named = {"source": source.pk, "verb": "wrote", "medium": "on X", "quote": "The call is going well."}
    words = {"headline": "Going well", "body": "<p>So <b>far</b>.</p>", "kind": "quote", "attributions": [named]}
    shown = show(**words).json()["html"]
    assert not Post.objects.exists() and not Attribution.objects.exists()
    done = cast.post(
        event, "Going well", body="<p>So <b>far</b>.</p>", kind="quote", attributions=cast.quote().attributions
    )
    published = render.post_html(Post.objects.for_readers().get(pk=done.post.pk))
    (article,) = re.findall(r"<article.*</article>", shown, re.DOTALL)

    def without_its_own(html):
        return re.sub(
            r'(p|h)-\w{10}|data-(post|order|version|published)="[^"]*"|posts/\w{10}|<time.*?</time>', "", html
        )

    assert without_its_own(article) == without_its_own(published)
    assert "css/reader" in shown and "<script" not in shown


def test_a_revision_is_shown_with_its_time_and_its_notes(client, editor, event):
    """As revising makes it: the post's own time, the notes from before, the new one, and a correction's entry."""
    client.force_login(editor)
    hour = timezone.now() - timedelta(hours=3)
    post = publishing.publish(event, words=cast.words("Starts at 7 pm"), by=None, at=hour).post
    publishing.revise(
        post, words=cast.words("Starts at 7 pm"), revision=1, by=None, change="clarification", note="In India."
    )
    sent = {"words": {"headline": "Starts at 7:30 pm"}, "post": post.pk}
    address = f"/admin/events/event/{event.pk}/desk/preview/"

    def shown(**change):
        return client.post(address, json.dumps(sent | change), content_type="application/json").json()

    html = shown(change="correction", note="We said 7 pm; it is 7:30 pm.")["html"]
    article, entry = re.findall(r"<article.*?</article>", html, re.DOTALL)
    assert f'data-published="{newsroom.iso(hour)}"' in article
    assert article.index("In India.") < article.index("We said 7 pm; it is 7:30 pm.") and "Edited" in article
    assert "Correction to “Starts at 7:30 pm”" in entry and "We said 7 pm; it is 7:30 pm." in entry
    assert shown(change="correction", note="")["field"] == "note"
    assert len(re.findall("<article", shown(change="typo")["html"])) == 1
    post.refresh_from_db()
    assert post.headline == "Starts at 7 pm" and post.corrections.count() == 1

    # What the readers get is the same.
    words = cast.words("Starts at 7:30 pm", body="")
    publishing.correct(post, words=words, revision=2, note="We said 7 pm; it is 7:30 pm.", by=None)
    published = render.post_html(Post.objects.for_readers().get(pk=post.pk))
    plain = [re.sub(r'data-version="\d+"|data-order="[^"]*"|<time.*?</time>', "", one) for one in (article, published)]
    assert plain[0] == plain[1]


def test_what_could_not_be_published_is_refused_with_the_same_sentence(show):
    answer = show(headline=" ", body="")
    assert answer.status_code == 400 and "this post is empty" in answer.json()["error"]
    assert show(headline="x" * 201).json()["field"] == "headline"


def test_nothing_that_could_run_is_shown_and_no_cache_keeps_it(show):
    answer = show(headline="<script>alert(1)</script>", body="<p onclick=x>Hi</p><script>alert(1)</script>")
    assert "no-store" in answer["Cache-Control"]
    html = answer.json()["html"]
    assert "<script" not in html and "onclick" not in html and "&lt;script&gt;" in html


def test_the_line_of_each_source_is_the_one_that_readers_get(client, editor, event):
    client.force_login(editor)
    rows = [
        {"source": cast.scavino().pk, "verb": "told", "medium": "reporters", "place": "Moscow"},
        {"source": cast.scavino().pk, "verb": "wrote", "medium": "on X", "quote": "Going well."},
        {"source": cast.bloomberg().pk, "basis": "outlet", "verb": "reported"},
        {"basis": "witnessed"},
    ]
    peskov = {"as_named": "Dmitry Peskov", "as_role": "Kremlin spokesperson"}
    unnamed = {"basis": "unnamed", "described_as": "a diplomat", "reason_unnamed": "Because they may not speak"}
    rows += [
        peskov | {"said_at": "2025-03-18T09:00", "said_precision": "day"},
        peskov,
        unnamed | {"place": "Kyiv"},
        unnamed | {"medium": "reporters", "verb": "told"},
    ]
    address = f"/admin/events/event/{event.pk}/desk/lines/"
    answer = client.post(address, json.dumps({"attributions": rows}), content_type="application/json")
    told, quoted, reported, seen, dated, bare, placed, unnamed_told = answer.json()["lines"]
    assert told.startswith("Dan Scavino") and told.endswith("told reporters in Moscow.")
    assert quoted == "Dan Scavino, deputy chief of staff, White House, wrote on X"
    assert dated == "Dmitry Peskov, Kremlin spokesperson, said on 18 March 2025."
    assert bare == "Source: Dmitry Peskov, Kremlin spokesperson."
    assert placed == "Source: a diplomat, in Kyiv, not named: they may not speak."
    assert unnamed_told == "Source: a diplomat, told reporters, not named: they may not speak."
    assert (reported, seen) == ("Reported by Bloomberg.", "We saw it ourselves.")


def test_the_line_of_a_source_is_dated_by_its_post(client, editor, event):
    client.force_login(editor)
    march = datetime(2025, 3, 18, 14, tzinfo=UTC)
    post = publishing.publish(event, words=cast.words(), by=None, at=march).post
    rows = [{"as_named": "Dmitry Peskov", "said_at": "2025-03-16T09:00", "said_precision": "day"}]
    address = f"/admin/events/event/{event.pk}/desk/lines/"
    sent = json.dumps({"attributions": rows, "post": post.pk})
    answer = client.post(address, sent, content_type="application/json")
    assert answer.json()["lines"] == ["Dmitry Peskov, said on Sunday."]


@pytest.mark.parametrize(
    ("language", "dated", "placed"),
    [
        ("ar", "بيسكوف، تصريح في 18 مارس 2025.", "المصدر: دبلوماسي، في كييف، لم يُذكر الاسم: السبب."),
        ("hi", "बेसकोव, 18 मार्च 2025 को कहा.", "स्रोत: राजनयिक, कीव में, नाम नहीं दिया गया: कारण."),
    ],
)
def test_the_line_of_a_source_in_each_language(client, editor, event, language, dated, placed):
    publishing.change(event, by=None, language=language)
    client.force_login(editor)
    who, what, why, where = {
        "ar": ("بيسكوف", "دبلوماسي", "السبب", "كييف"), "hi": ("बेसकोव", "राजनयिक", "कारण", "कीव"),
    }[language]  # fmt: skip
    rows = [
        {"as_named": who, "said_at": "2025-03-18T09:00", "said_precision": "day"},
        {"basis": "unnamed", "described_as": what, "reason_unnamed": why, "place": where},
    ]
    address = f"/admin/events/event/{event.pk}/desk/lines/"
    answer = client.post(address, json.dumps({"attributions": rows}), content_type="application/json")
    assert answer.json()["lines"] == [dated, placed]


def test_a_source_is_found_by_its_name_first(client, editor, event):
    cast.scavino()
    for name in ("Our White House man", "White House", "White House press office"):
        Source.objects.create(name=name)
    client.force_login(editor)
    found = client.get(f"/admin/events/event/{event.pk}/desk/sources/", {"q": "white house"}).json()["sources"]
    names = [source["name"] for source in found]
    assert names == ["White House", "White House press office", "Dan Scavino", "Our White House man"]


def test_a_viewer_is_refused(client, event):
    user = User.objects.create(username="vera", is_staff=True)
    user.groups.add(Group.objects.get(name="viewer"))
    client.force_login(user)
    address = f"/admin/events/event/{event.pk}/desk/preview/"
    answer = client.post(address, json.dumps({"words": {"headline": "Hi"}}), content_type="application/json")
    assert answer.status_code == 403
