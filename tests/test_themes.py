"""A partner's own colours, and the words alone for a partner's server."""

import re

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import Client

from events import publishing
from events.admin.partner import PartnerForm
from events.models import Event, Partner, themes
from events.publishing import Line, Named
from tests import cast
from tests.test_embed import policy

THEME = {"paper": "#ffffff", "ink": "#10222e", "night-paper": "#000000", "live": "#b00020", "words": "sans"}


def form(theme: str, **more: str) -> PartnerForm:
    """The admin's form, filled in."""
    return PartnerForm({"name": "Gazette", "key": "gazette", "origins": "", "theme": theme, "active": "on"} | more)


@pytest.mark.django_db
def test_a_theme_is_written_in_lines_and_stored_as_names_and_colours():
    given = form("paper: #FFF;\n\n ink #10222e\nwords sans")
    assert given.is_valid(), given.errors
    partner = given.save()
    assert partner.theme == {"paper": "#ffffff", "ink": "#10222e", "words": "sans"}
    assert PartnerForm(instance=partner)["theme"].value() == "paper #ffffff\nink #10222e\nwords sans"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ("papper #ffffff", "A theme has no “papper”. It has: paper, raised, ink,"),
        ("paper red", "“red” cannot be paper: write a colour such as #10222e."),
        ("paper #fff;}body{display:none", "“#fff;}body{display none” cannot be paper"),
        ("words url(x)", "“url(x)” cannot be words: write serif or sans."),
        ("ink #777777", "ink (#777777) on paper (#fdfcf9) cannot be read well: its contrast is 4.3, and 4.5 is the"),
        ("night-raised #555555", "night-quiet (#aeaba4) on night-raised (#555555) cannot be read well"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(lines: str, sentence: str):
    given = form(lines)
    assert not given.is_valid()
    assert sentence in given.errors["theme"][0]


@pytest.mark.parametrize("theme", [[], "paper", {"paper": 7}, {"paper": "#FFF\n"}])
def test_only_names_and_colours_are_a_theme(theme: object):
    with pytest.raises(ValidationError):
        themes.check(theme)


@pytest.mark.django_db
def test_the_partners_embed_has_its_colours_and_a_policy_for_them_alone(client: Client, event: Event):
    partner = Partner.objects.create(name="Gazette", key="gazette", theme=THEME)
    plain = Partner.objects.create(name="Plain", key="plain")
    answer = client.get("/embed/call/p_gazette/")
    (style,) = re.findall(r"<style>(.*?)</style>", answer.content.decode(), re.S)
    assert "--paper:#ffffff;" in style and "--paper:#000000;" in style and "--words:var(--labels)" in style
    assert themes.source(style) in policy(answer)["style-src"]
    assert not [word for word in policy(answer)["style-src"] if "unsafe" in word]
    # Held in memory each by itself.
    for address in ("", f"p_{plain.key}/"):
        other = client.get(f"/embed/call/{address}")
        assert "<style" not in other.content.decode() and "sha256" not in other["Content-Security-Policy"]
    again = {"if-none-match": answer["ETag"]}
    unchanged = client.get("/embed/call/p_gazette/", headers=again)
    assert unchanged.status_code == 304 and policy(unchanged) == policy(answer)
    partner.theme = {"paper": "#fffff0"}
    partner.save()
    answer = client.get("/embed/call/p_gazette/", headers=again)
    assert answer.status_code == 200 and "#fffff0" in answer.content.decode()


def test_what_is_no_colour_never_reaches_the_page():
    # However it came into the record.
    assert themes.style({"paper": "#fff;}</style><script>", "ink}": "#000000", "words": "x", "live": None}) == ""
    assert themes.style(["paper"]) == "" == themes.source("")


@pytest.mark.django_db
def test_the_fragment_is_words_with_a_style_of_their_own(client: Client, event: Event):
    named = Named(source=cast.scavino(), verb="wrote", medium="on X", quote="Going well.")
    post = cast.post(event, "They talk", attributions=(named,), standing="not_confirmed").post
    publishing.withdraw(cast.post(event, "Canary").post, by=None)
    cast.post(event, "Later")
    publishing.summarise(event, lines=[Line(text="They talk now.", post=post)], by=None)
    answer = client.get("/embed/call/fragment/")
    html = answer.content.decode()
    assert html.startswith('<section class="lb-fragment" lang="en" dir="ltr"') and html.rstrip().endswith("</section>")
    for words in ("Two presidents on the phone", "They talk now.", "Going well.", "Not confirmed by us.", "Later"):
        assert words in html
    assert "Canary" not in html and not re.search(r"<script|<link|<html|\sstyle=|\son\w+=|data-live", html)
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.S)
    assert all(rule.strip().startswith(".lb-fragment") for rule in style.strip().splitlines())
    assert f'href="{settings.SITE_URL}/events/call/posts/{post.pk}/"' in html and ' href="/' not in html
    assert answer["X-Robots-Tag"] == "noindex" and answer["Access-Control-Allow-Origin"] == "*"
    assert "s-maxage=2" in answer["Cache-Control"] and not answer.cookies
    assert client.get("/embed/call/fragment/", headers={"if-none-match": answer["ETag"]}).status_code == 304
    assert client.get("/embed/call/fragment/?posts=1").content.decode().count("<article") == 1
    assert client.get("/embed/call/fragment/?show=key").content.decode().count("<article") == 0


@pytest.mark.django_db
def test_the_fragment_of_what_has_no_page_is_not_there(client: Client, event: Event):
    cast.event("closed", visibility="partners")
    cast.event("drafted", visibility="private")
    assert {client.get(f"/embed/{slug}/fragment/").status_code for slug in ("closed", "drafted", "nowhere")} == {404}
    publishing.change(event, by=None, slug="renamed")
    moved = client.get("/embed/call/fragment/?posts=3")
    assert (moved.status_code, moved["Location"]) == (301, "/embed/renamed/fragment/?posts=3")
