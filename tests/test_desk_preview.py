"""The preview shows what publishing would make, and leaves nothing behind."""

import json
import re

import pytest
from django.contrib.auth.models import Group, User

from events import render
from events.models import Attribution, Post
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
    address = f"/admin/events/event/{event.pk}/desk/lines/"
    answer = client.post(address, json.dumps({"attributions": rows}), content_type="application/json")
    told, quoted, reported, seen = answer.json()["lines"]
    assert told.startswith("Dan Scavino") and told.endswith("told reporters in Moscow.")
    assert quoted.startswith("Dan Scavino") and quoted.endswith("wrote on X")
    assert (reported, seen) == ("Reported by Bloomberg.", "We saw it ourselves.")


def test_a_viewer_is_refused(client, event):
    user = User.objects.create(username="vera", is_staff=True)
    user.groups.add(Group.objects.get(name="viewer"))
    client.force_login(user)
    address = f"/admin/events/event/{event.pk}/desk/preview/"
    answer = client.post(address, json.dumps({"words": {"headline": "Hi"}}), content_type="application/json")
    assert answer.status_code == 403
