"""The tokens: every pair can be read, by day and by night, in engines old and new; the documentation has the same."""

import re

import pytest

from events.models import themes
from events.models.themes import contrast
from tests.component_page import tokens_table
from tests.services import ROOT

CSS = ROOT / "static" / "css"
TOKENS = (CSS / "tokens.css").read_text(encoding="utf-8")
READERS = ("tokens", "reader", "embed")
#: WCAG 2.2: text 4.5 (1.4.3), what marks a control 3 (1.4.11).
LEAST = {"ink": 7.0, "quiet": 4.5, "live": 4.5, "good": 4.5, "edge": 3.0}


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", block))


def plain() -> tuple[dict[str, str], dict[str, str]]:
    """The values by day and by night, of engines without light-dark()."""
    day, night = re.findall(r":root \{(.*?)\}", TOKENS, re.S)[:2]
    return colours(day), colours(night)


@pytest.mark.parametrize("scheme", [0, 1], ids=["day", "night"])
def test_every_colour_can_be_read_on_both_papers(scheme: int):
    found = plain()[scheme]
    for name, least in LEAST.items():
        for paper in ("paper", "raised"):
            assert contrast(found[name], found[paper]) >= least, f"{name} on {paper}"


def test_old_and_new_engines_show_the_same():
    day, night = plain()
    both = re.findall(r"--(\w+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", TOKENS)
    assert {name: light for name, light, _dark in both} == day
    assert {name: dark for name, _light, dark in both} == night
    embed = (CSS / "embed.css").read_text(encoding="utf-8")
    blocks = re.findall(r'data-theme="(light|dark)"\] \{\n(.*?)\}', embed, re.S)
    assert {theme: colours(block) for theme, block in blocks} == {"light": day, "dark": night}


def test_a_partners_theme_begins_with_these():
    day, night = plain()
    assert (day, night) == (themes.DAY, themes.NIGHT)


def test_no_rule_of_the_readers_stands_in_a_layer():
    # Engines of 2020 would drop it.
    for name in READERS:
        assert "@layer" not in re.sub(r"/\*.*?\*/", "", (CSS / f"{name}.css").read_text(encoding="utf-8"), flags=re.S)


def test_directions_are_logical():
    for name in READERS:
        css = (CSS / f"{name}.css").read_text(encoding="utf-8")
        assert not re.findall(
            r"[\w-]*(?:margin|padding|border)-(?:left|right)\b|(?:float|text-align): (?:left|right)", css
        )
        # A place from the left is one from the right as well.
        assert css.count("left: 0;") == css.count("right: 0;")


def test_the_page_of_components_has_these_tokens():
    page = (ROOT / "docs" / "components.md").read_text(encoding="utf-8")
    assert tokens_table() in page
    for picture in re.findall(r"\]\((pictures/[^)]+)\)", page):
        assert (ROOT / "docs" / picture).is_file(), picture
