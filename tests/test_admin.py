"""The plain admin: one form for one deed, and only for those who may."""

import re

from django.contrib.auth.models import Group, User
from django.urls import reverse

from events import frames, publishing
from events.models import Attribution, Event, Post, Revision, Update
from tests import cast

ADD = "/admin/events/post/add/"


def member(name: str, group: str) -> User:
    user = User.objects.create(username=name, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


def form(event: Event, *sources, **fields) -> dict:
    """What the browser sends: the post and an inline for each source."""
    data = {
        "event": event.pk,
        "headline": "Two leaders agree to talk",
        "body": "<p>So both say.</p>",
        "kind": "news",
        "standing": "reported",
        "occurred_precision": "minute",
        "deed": "publish",
        "revision": "",
        "key": "form-1",
        "attributions-TOTAL_FORMS": len(sources),
        "attributions-INITIAL_FORMS": 0,
    }
    for number, source in enumerate(sources):
        row = {
            "source": source.pk,
            "basis": "on_record",
            "verb": "said",
            "quote_form": "verbatim",
            "said_precision": "minute",
        }
        data |= {f"attributions-{number}-{name}": value for name, value in row.items()}
    return data | fields


def revising(post: Post, **fields) -> dict:
    return form(post.event, deed="typo", revision=post.revision, **fields)


def change_address(post: Post) -> str:
    return reverse("admin:events_post_change", args=[post.pk])


def test_a_post_with_two_sources_makes_one_update_that_names_both(admin_client_of_ada, event):
    before = event.stream.sequence
    answer = admin_client_of_ada.post(ADD, form(event, cast.scavino(), cast.bloomberg()))
    assert answer.status_code == 302, answer.context and answer.context["errors"]
    assert Update.objects.filter(event=event, sequence__gt=before).count() == 1
    post = Post.objects.get()
    told = frames.catch_up(event.pk, before, event.stream.epoch)["updates"]
    assert len(told) == 1
    assert "Dan Scavino" in told[0]["html"] and "Bloomberg" in told[0]["html"]
    assert [row.as_named for row in post.attributions.all()] == ["Dan Scavino", "Bloomberg"]


def test_the_same_form_sent_twice_makes_one_post(admin_client_of_ada, event):
    for _time in range(2):
        admin_client_of_ada.post(ADD, form(event))
    assert Post.objects.count() == 1


def test_an_empty_post_comes_back_with_a_sentence(admin_client_of_ada, event):
    answer = admin_client_of_ada.post(ADD, form(event, headline="", body="<p></p>"))
    assert answer.status_code == 200
    assert "this post is empty" in answer.content.decode()
    assert Post.objects.count() == 0


def test_a_body_that_is_too_long_is_refused_and_kept_in_the_form(admin_client_of_ada, event):
    body = "<p>" + "a" * (101 * 1024) + "</p>"
    page = admin_client_of_ada.post(ADD, form(event, body=body)).content.decode()
    assert "too long: 102 KB" in page
    assert "a" * 5000 in page
    assert Post.objects.count() == 0


def test_hostile_html_reaches_nobody(admin_client_of_ada, event):
    admin_client_of_ada.post(ADD, form(event, body='<p onclick="x()">Hi<script>alert(1)</script></p>'))
    post = Post.objects.get()
    assert post.html == "<p>Hi</p>"


def test_a_headline_that_is_too_long_keeps_what_was_typed(admin_client_of_ada, event):
    page = admin_client_of_ada.post(ADD, form(event, headline="word " * 60)).content.decode()
    assert "word word word" in page
    assert Post.objects.count() == 0


def test_an_unnamed_source_needs_a_reason_and_no_name(admin_client_of_ada, event):
    data = form(event, cast.scavino()) | {"attributions-0-basis": "unnamed"}
    page = admin_client_of_ada.post(ADD, data).content.decode()
    assert "described, never named" in page
    assert Post.objects.count() == 0
    data |= {
        "attributions-0-source": "",
        "attributions-0-described_as": "a diplomat",
        "attributions-0-reason_unnamed": "fear",
    }
    assert "needs a second editor" in admin_client_of_ada.post(ADD, data).content.decode()
    data["deed"] = "submit"
    assert admin_client_of_ada.post(ADD, data).status_code == 302
    assert Attribution.objects.get().described_as == "a diplomat"


def test_a_conflict_shows_both_texts_and_stores_neither_over_the_other(admin_client_of_ada, event):
    post = cast.post(event).post
    stale = revising(post, headline="My own headline", body="<p>My own text.</p>")
    publishing.revise(post, words=cast.words("Somebody was faster"), revision=1, by=None)
    page = admin_client_of_ada.post(change_address(post), stale).content.decode()
    assert "Somebody was faster" in page and "My own headline" in page and "My own text." in page
    post.refresh_from_db()
    assert post.headline == "Somebody was faster"
    admin_client_of_ada.post(change_address(post), stale | {"over": "2"})
    post.refresh_from_db()
    assert post.headline == "My own headline"
    assert Revision.objects.filter(post=post).count() == 3


def test_a_correction_publishes_an_entry_of_its_own(admin_client_of_ada, event):
    post = cast.post(event).post
    data = revising(post) | {"deed": "correction", "sentence": "We gave the wrong hour: it was seven."}
    assert admin_client_of_ada.post(change_address(post), data).status_code == 302
    assert Post.objects.filter(kind="correction").count() == 1


def test_a_correction_without_a_sentence_says_what_is_missing(admin_client_of_ada, event):
    post = cast.post(event).post
    page = admin_client_of_ada.post(change_address(post), revising(post) | {"deed": "correction"}).content.decode()
    assert "Write the correction" in page


def test_a_new_source_on_an_old_attribution_brings_its_own_name(admin_client_of_ada, event):
    post = cast.post(event, attributions=(publishing.Named(source=cast.scavino()),)).post
    row = post.attributions.get()
    data = revising(post) | {
        "attributions-TOTAL_FORMS": 1, "attributions-INITIAL_FORMS": 1, "attributions-0-id": row.pk,
        "attributions-0-post": post.pk, "attributions-0-source": cast.bloomberg().pk,
        "attributions-0-as_named": "Dan Scavino",
        "attributions-0-as_role": row.as_role, "attributions-0-as_organisation": row.as_organisation,
        "attributions-0-speaker_type": row.speaker_type, "attributions-0-basis": "outlet",
        "attributions-0-verb": "reported",
        "attributions-0-quote_form": "verbatim", "attributions-0-said_precision": "minute",
    }  # fmt: skip
    assert admin_client_of_ada.post(change_address(post), data).status_code == 302
    assert [row.as_named for row in post.attributions.all()] == ["Bloomberg"]


def test_a_contributor_submits_and_never_publishes(client, event):
    client.force_login(member("carl", "contributor"))
    answer = client.post(ADD, form(event))
    assert answer.status_code == 200 and "publish is not one of" in answer.content.decode()
    assert client.post(ADD, form(event, cast.scavino(), deed="submit")).status_code == 302
    post = Post.objects.get()
    assert post.state == "submitted"
    client.post("/admin/events/post/", {"action": "publish_posts", "_selected_action": [post.pk]})
    post.refresh_from_db()
    assert post.state == "submitted"


def test_a_contributor_cannot_change_what_is_public_or_anothers(client, event):
    client.force_login(member("carl", "contributor"))
    public = cast.post(event).post
    anothers = publishing.save_draft(event, words=cast.words("Not yours"), by=None).post
    assert client.post(change_address(public), revising(public, headline="Mine")).status_code == 403
    # What is another's draft is not there at all.
    assert client.post(change_address(anothers), revising(anothers, headline="Mine")).status_code == 302
    assert not Post.objects.filter(headline="Mine").exists()


def test_an_editor_of_the_group_publishes_what_was_submitted(client, event):
    post = publishing.save_draft(
        event, words=cast.words(attributions=(publishing.Named(basis="witnessed"),)), by=None, submit=True
    ).post
    client.force_login(member("edith", "editor"))
    client.post("/admin/events/post/", {"action": "publish_posts", "_selected_action": [post.pk]})
    post.refresh_from_db()
    assert post.state == "published"


def test_actions_withdraw_pin_and_mark(admin_client_of_ada, event):
    first, second = cast.post(event, "One").post, cast.post(event, "Two").post
    for action, post in (("mark_key", first), ("pin_post", first), ("withdraw_posts", second)):
        admin_client_of_ada.post("/admin/events/post/", {"action": action, "_selected_action": [post.pk]})
    first.refresh_from_db(), second.refresh_from_db(), event.refresh_from_db()
    assert first.key_event and event.pinned_id == first.pk
    assert second.state == "withdrawn"


def test_nothing_is_deleted_here(admin_client_of_ada, event):
    post = cast.post(event).post
    assert "delete_selected" not in admin_client_of_ada.get("/admin/events/post/").content.decode()
    assert admin_client_of_ada.get(reverse("admin:events_post_delete", args=[post.pk])).status_code == 403
    assert admin_client_of_ada.get(reverse("admin:events_event_delete", args=[event.pk])).status_code == 403


def test_lists_search_and_history_answer(admin_client_of_ada, event):
    post = cast.post(event, attributions=(publishing.Named(source=cast.scavino()),)).post
    publishing.revise(post, words=cast.words("Again"), revision=1, by=None)
    for noun in ("event", "post", "source", "partner", "deed"):
        assert admin_client_of_ada.get(f"/admin/events/{noun}/?q=call").status_code == 200, noun
    page = admin_client_of_ada.get(reverse("admin:events_post_history", args=[post.pk])).content.decode()
    assert "The call begins" in page and "Again" in page


def test_the_list_of_posts_costs_the_same_for_many(admin_client_of_ada, event, django_assert_max_num_queries):
    for number in range(12):
        cast.post(event, f"Post {number}")
    # The first request of a login notes it.
    admin_client_of_ada.get("/admin/events/post/")
    with django_assert_max_num_queries(12):
        admin_client_of_ada.get("/admin/events/post/")


def test_the_editors_import_map_carries_the_answers_nonce(admin_client_of_ada):
    answer = admin_client_of_ada.get(ADD)
    nonce = re.search(r"'nonce-([^']+)'", answer["Content-Security-Policy"]).group(1)
    tag = re.search(r'<script[^>]*type="importmap"[^>]*>', answer.content.decode()).group()
    assert f'nonce="{nonce}"' in tag


def test_the_words_begin_at_the_side_of_the_events_language(admin_client_of_ada):
    arabic = cast.event(language="ar")
    said = (publishing.Named(source=cast.scavino(), quote="تسير جيداً."),)
    post = cast.post(arabic, "بدأت المكالمة.", attributions=said).post
    page = admin_client_of_ada.get(change_address(post)).content.decode()
    for name in ("headline", "body", "key_label", "sentence", "attributions-0-quote", "attributions-__prefix__-quote"):
        field = re.search(rf'<(?:input|textarea)[^>]*name="{name}"[^>]*>', page)
        assert field and 'lang="ar"' in field[0] and 'dir="rtl"' in field[0], (name, field)
    for name in ("private", "attributions-0-as_named"):
        field = re.search(rf'<(?:input|textarea)[^>]*name="{name}"[^>]*>', page)
        assert field and 'dir="auto"' in field[0] and "lang=" not in field[0], (name, field)
    page = admin_client_of_ada.get(reverse("admin:events_event_change", args=[arabic.pk])).content.decode()
    assert re.search(r'<input[^>]*name="title"[^>]*dir="rtl"', page)
    assert re.search(
        r'<textarea[^>]*name="summary_lines-0-text"[^>]*dir="auto"|<input[^>]*name="summary_lines-0-text"[^>]*dir="auto"',
        page,
    )
    # Which event it is, is not known yet.
    assert 'dir="rtl"' not in admin_client_of_ada.get(ADD).content.decode()
