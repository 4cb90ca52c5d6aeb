"""Every line of docs/reader.md has a test that is named after it."""

import re

from tests.services import ROOT

LINE = re.compile(r"^- R(\d+) \S", re.MULTILINE)
TEST = re.compile(r"^\s*(?:async )?def test((?:_r\d+)+)_\w+\(", re.MULTILINE)


def promised() -> list[int]:
    return [int(number) for number in LINE.findall((ROOT / "docs" / "reader.md").read_text(encoding="utf-8"))]


def test_the_page_of_promises_has_each_once():
    assert promised() == list(range(1, 36))


def test_each_has_a_test_of_its_name():
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    named = {int(number) for name in TEST.findall(tests) for number in name.split("_r")[1:]}
    assert set(promised()) - named == set()
    assert named <= set(promised())
