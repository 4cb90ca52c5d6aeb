"""An event's lead picture: put up, seen, shared, kept in the archive, and removed for good."""

import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from PIL import Image

from events import archive, article, frames, publishing
from events.models import Deed, Event, Picture
from events.publishing import Refused
from tests import cast
from tests.desks import at, do
from tests.drawn import drawing, put_up, sent, taken_in

pytestmark = pytest.mark.django_db(transaction=True)


def page_of(client: Client, address: str = "/events/call/") -> str:
    return client.get(address).content.decode()


def addresses(html: str) -> set[str]:
    return set(re.findall(r"/media/pictures/[^\s\"]+", html))


def test_it_is_taken_in_unseen_and_put_up_as_one_update(client, event):
    picture = taken_in(event)
    assert (picture.width, picture.height) == (1500, 1000)
    assert not addresses(page_of(client))
    before = event.stream.sequence
    done = publishing.change(event, by=None, lead_picture=picture, picture_alt="Two desks")
    event.stream.refresh_from_db()
    assert done.sequence == event.stream.sequence == before + 1
    answer = frames.catch_up(event.pk, before, event.stream.epoch)
    assert picture.whole.url in addresses(answer["parts"]["header"]) == addresses(page_of(client))
    assert Deed.objects.get(verb="change").detail == "lead_picture, picture_alt"


def test_r6_every_size_is_there_with_its_dimensions(client, event):
    picture = put_up(event)
    html = page_of(client)
    assert 'width="1500" height="1000" alt="Two desks"' in html and "As seen on Tuesday" in html
    assert "Picture: Roe/Agency" in html
    for kind in ("WEBP", "JPEG"):
        assert [one.width for one in picture.renditions(kind)] == [320, 640, 1280]
        for one in picture.renditions(kind):
            answer = client.get(one.url)
            image = Image.open(io.BytesIO(answer.content))
            assert image.format == kind
            # To keep its shape a size may be a pixel narrower than its name.
            assert one.width - image.width in (0, 1) and one.height - image.height in (0, 1)
            assert answer["Content-Type"] == f"image/{kind.lower()}" and answer["X-Content-Type-Options"] == "nosniff"
            again = client.get(one.url, headers={"If-None-Match": answer["ETag"]})
            assert again.status_code == 304 and "s-maxage=2" in again["Cache-Control"]


def test_what_it_is_shared_with(client, event):
    picture = put_up(event)
    html = page_of(client)
    told = dict(re.findall(r'<meta property="og:image(?::(\w+))?" content="([^"]*)">', html))
    assert told[""] == settings.SITE_URL + picture.whole.url
    assert (told["type"], told["width"], told["height"], told["alt"]) == ("image/jpeg", "1280", "853", "Two desks")
    linked = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html)[1])
    assert linked["image"] == {
        "@type": "ImageObject", "url": settings.SITE_URL + picture.whole.url, "width": 1280, "height": 853,
        "caption": "As seen on Tuesday", "creditText": "Roe/Agency",
    }  # fmt: skip
    asked = {"url": f"{settings.SITE_URL}/events/call/", "format": "json"}
    said = client.get("/oembed/", asked | {"maxwidth": "400"}).json()
    assert (said["thumbnail_width"], said["thumbnail_height"]) == (320, 213)
    assert client.get(said["thumbnail_url"].removeprefix(settings.SITE_URL)).status_code == 200
    # Where not even the smallest fits, what is drawn may.
    assert "thumbnail_url" not in client.get("/oembed/", asked | {"maxwidth": "20"}).json()


def test_the_front_page_has_it_beside_the_event(client, event):
    assert not addresses(page_of(client, "/"))
    picture = put_up(event)
    html = page_of(client, "/")
    assert 'alt="Two desks"' in html and picture.usual.url in addresses(html)


def test_only_what_stands_on_a_page_is_handed_out(client, event):
    first = put_up(event)
    waiting = taken_in(event)
    assert client.get(waiting.whole.url).status_code == 404
    for address in ("999w.webp", "640w.png", "640w.svg", "0640w.webp.jpg"):
        assert client.get(f"/media/pictures/{first.name}/{address}").status_code == 404, address
    assert client.get(settings.MEDIA_URL + first.file.name).status_code == 404, "what we keep is ours"
    second = put_up(event)
    assert client.get(first.whole.url).status_code == 404 and client.get(second.whole.url).status_code == 200
    publishing.change(event, by=None, visibility="private")
    assert client.get(second.whole.url).status_code == 404
    publishing.change(event, by=None, visibility="partners")
    assert client.get(second.whole.url).status_code == 200


def test_a_file_that_the_storage_has_lost_is_not_there(client, event, caplog):
    picture = put_up(event)
    Path(settings.MEDIA_ROOT, picture.whole.path).unlink()
    assert client.get(picture.whole.url).status_code == 404
    assert picture.whole.path in caplog.text
    assert set(archive.files(event)) == {archive.JSON, archive.PAGE}


def test_what_it_shows_must_be_said_and_goes_with_it(event):
    picture = taken_in(event)
    with pytest.raises(Refused, match="Say what the picture shows") as refused:
        publishing.change(event, by=None, lead_picture=picture)
    assert refused.value.field == "picture_alt"
    put_up(event)
    publishing.change(event, by=None, lead_picture=None)
    event.refresh_from_db()
    assert (event.picture_alt, event.picture_caption, event.picture_credit) == ("", "", "")


def test_a_picture_of_another_event_is_not_there(event):
    other = taken_in(cast.event("other"))
    with pytest.raises(Refused, match="not there any more"):
        publishing.change(event, by=None, lead_picture=other, picture_alt="Two desks")


def test_article_and_archive_have_it(event):
    picture = put_up(event, picture_alt="Two *desks*")
    cast.post(event)
    told = article.of(event, event.posts.published().for_readers())
    address = settings.SITE_URL + picture.whole.url
    image = f'<img src="{address}" width="1280" height="853" alt="Two *desks*">'
    assert f"<figure>{image}<figcaption>As seen on Tuesday Picture: Roe/Agency</figcaption></figure>" in article.html(
        told
    )
    assert f"![Two \\*desks\\*](<{address}>)\n\nAs seen on Tuesday Picture: Roe/Agency" in article.markdown(told)
    packed = zipfile.ZipFile(io.BytesIO(archive.zipped(event)))
    assert packed.read("call/lead-picture.jpg") == picture.content(picture.whole)
    assert b'src="lead-picture.jpg"' in packed.read("call/archive.html")
    assert json.loads(packed.read("call/archive.json"))["event"]["lead_picture"] == {
        "file": "lead-picture.jpg", "width": 1280, "height": 853, "alt": "Two *desks*",
        "caption": "As seen on Tuesday", "credit": "Roe/Agency",
    }  # fmt: skip


# Removed


@pytest.fixture
def ledger(settings, tmp_path):
    settings.REMOVALS_FILE = tmp_path / "removals.jsonl"
    return settings.REMOVALS_FILE


def files_of(picture: Picture) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if picture.name in str(path) and path.is_file()]


def test_removed_it_is_nowhere(client, event, ledger):
    picture = put_up(event, picture_alt="mackerel")
    publishing.change(event, by=None, frozen=True)
    assert len(files_of(picture)) == 7
    done = publishing.remove_picture(picture, by=cast.editor())
    assert done.sequence and not files_of(picture)
    html = page_of(client)
    assert "mackerel" not in html and not addresses(html)
    assert client.get(picture.whole.url).status_code == 404
    (line,) = ledger.read_text().splitlines()
    assert json.loads(line)["picture"] == picture.name and "mackerel" not in line


def test_a_backup_does_not_bring_it_back(client, event, ledger):
    picture = put_up(event)
    kept = {path: path.read_bytes() for path in files_of(picture)}
    publishing.remove_picture(picture, by=None)
    # The files alone, and then the row as well.
    for fields in ({}, {"removed_at": None}):
        for path, content in kept.items():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        Picture.objects.update(**fields) if fields else None
        Event.objects.update(lead_picture=picture, picture_alt="Two desks")
        said = io.StringIO()
        call_command("replay_removals", stdout=said)
        assert "1 of 1 pictures removed again." in said.getvalue()
        assert not files_of(picture) and not addresses(page_of(client))
    said = io.StringIO()
    call_command("replay_removals", stdout=said)
    assert "0 of 1 pictures removed again." in said.getvalue()


# At the desk and in the plain admin


def post_picture(client: Client, event: Event, upload=None):
    return client.post(at(event, "pictures/"), {"picture": upload or sent(drawing())})


def test_the_desk_takes_it_in_shows_it_and_puts_it_up(ada, event):
    told = post_picture(ada, event).json()
    assert (told["width"], told["height"]) == (1500, 1000)
    shown = ada.get(at(event, f"pictures/{told['picture']}/"))
    assert shown["Content-Type"] == "image/jpeg" and "no-store" in shown["Cache-Control"]
    answer = do(ada, event, "change", lead_picture=told["picture"])
    assert answer.status_code == 400 and answer.json()["field"] == "picture_alt"
    answer = do(ada, event, "change", lead_picture=told["picture"], picture_alt="Two desks", seen={"lead_picture": ""})
    assert answer.json()["message"] == "Changed."
    about = ada.get(at(event, "timeline/")).json()["about"]
    assert (str(about["lead_picture"]), about["picture_alt"]) == (told["picture"], "Two desks")
    # Somebody else, who still sees none, is told.
    other = do(ada, event, "change", lead_picture="", seen={"lead_picture": ""})
    assert other.status_code == 400 and other.json()["field"] == "seen"


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (sent(drawing(300, 300)), "too small"),
        (sent(drawing(), "BMP"), "no picture that we can read"),
        (None, "arrived"),
    ],
)
def test_the_desk_says_what_is_wrong_with_it(ada, event, upload, sentence):
    answer = post_picture(ada, event, upload) if upload else ada.post(at(event, "pictures/"))
    assert answer.status_code == 400 and sentence in answer.json()["error"]
    assert not Picture.objects.exists()


@pytest.mark.parametrize("number", ["99999", "x", "0", "1" * 30])
def test_a_picture_that_is_none_gets_a_sentence(ada, event, number):
    answer = do(ada, event, "change", lead_picture=number, picture_alt="Two desks")
    assert answer.status_code == 400 and "not there any more" in answer.json()["error"]


def test_a_contributor_sends_no_picture(client, event, carl):
    client.force_login(carl)
    assert post_picture(client, event).status_code == 403
    client.logout()
    assert post_picture(client, event).status_code == 401
    assert not Picture.objects.exists()


def fields(event: Event, **more):
    names = ("title", "slug", "language", "visibility", "zone", "zone_name", "second_editor", "standfirst")
    rows = {f"{rows}-{count}_FORMS": 0 for rows in ("roles", "summary_lines") for count in ("TOTAL", "INITIAL")}
    zones = {"zones": "Asia/Kolkata in India", "send_delay": "0", "indexed": "on"}
    return {name: getattr(event, name) for name in names} | zones | rows | more


def test_the_plain_form_puts_one_up_and_takes_it_away(ada, event):
    address = f"/admin/events/event/{event.pk}/change/"
    answer = ada.post(address, fields(event, picture_file=sent(drawing())))
    # Refused, and the picture is not lost: the form comes back with it.
    assert answer.status_code == 200 and "Say what the picture shows" in answer.content.decode()
    (picture,) = Picture.objects.all()
    assert f'name="lead_picture" value="{picture.pk}"' in answer.content.decode()
    answer = ada.post(address, fields(event, lead_picture=picture.pk, picture_alt="Two desks"))
    assert answer.status_code == 302
    event.refresh_from_db()
    assert event.lead_picture == picture and picture.added_by.username == "ada"
    assert at(event, f"pictures/{picture.pk}/") in ada.get(address).content.decode()
    answer = ada.post(address, fields(event, lead_picture=picture.pk, picture_alt="Two desks", picture_away="on"))
    assert answer.status_code == 302
    event.refresh_from_db()
    assert event.lead_picture is None and event.picture_alt == ""
    answer = ada.post(address, fields(event, picture_file=sent(drawing(10, 10))))
    assert "too small" in answer.content.decode()


def test_an_administrator_removes_it_in_the_list_and_a_contributor_does_not(ada, client, event, carl, ledger):
    picture = put_up(event)
    assert at(event, f"pictures/{picture.pk}/") in ada.get("/admin/events/picture/").content.decode()
    removal = {"action": "remove_pictures", "_selected_action": picture.pk}
    visitor = Client()
    visitor.force_login(carl)
    visitor.post("/admin/events/picture/", removal)
    picture.refresh_from_db()
    assert picture.removed_at is None
    answer = ada.post("/admin/events/picture/", removal, follow=True)
    assert "1 picture is removed." in answer.content.decode()
    event.refresh_from_db()
    assert event.lead_picture is None and not files_of(picture)
