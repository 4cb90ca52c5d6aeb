"""The page on which an article is made, and the name of the file that comes of it."""

import json

import pytest

from tests.test_article import at, publish

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("The call, and what came of it", 'filename="the-call-and-what-came-of-it.md"'),
        ("مكالمة", "filename*=utf-8''%D9%85%D9%83%D8%A7%D9%84%D9%85%D8%A9.md"),
        ("!?", 'filename="call.md"'),
        ("word " * 40, f'filename="{"-".join(["word"] * 10)}.md"'),
    ],
)
def test_a_downloaded_article_is_named_by_its_title(ada, event, title, name):
    content = {"composer": "article", "content": {"without": [], "title": title}}
    ada.post(f"/admin/events/event/{event.pk}/desk/autosave/", json.dumps(content), content_type="application/json")
    assert ada.get(at(event, "md/"))["Content-Disposition"] == f"attachment; {name}"


def test_a_key_event_stands_in_the_list_with_its_headline(ada, event):
    publish(event, "The call has begun, at two", key_event=True, key_label="Begun")
    page = ada.get(at(event)).content.decode()
    assert ">The call has begun, at two</bdi>" in page and "Begun" not in page
