"""The table of faults names tests that exist, and every test of a fault."""

import ast
import re
from pathlib import Path

from tests.services import ROOT

HERE = Path(__file__).parent
ROW = re.compile(r"^\| (?!fault |---)(.+?) \| (.+) \|$", re.M)
NAMED = re.compile(r"`((?:[\w/]+/)?test_\w+\.py)::(test_\w+)(?:\[(\w+)\])?`")


def rows():
    """Each fault, and its tests as (file, test, parameter)."""
    return [(row[1], NAMED.findall(row[2])) for row in ROW.finditer((HERE / "README.md").read_text())]


def file_of(name):
    return ROOT / name if "/" in name else HERE / name


def defined_in(path):
    """The names of a file's functions."""
    found = ast.walk(ast.parse(path.read_text()))
    return {node.name for node in found if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_fault_has_a_test_and_each_named_one_exists():
    assert len(rows()) >= 30
    for fault, tests in rows():
        assert tests, f"nothing shows: {fault}"
        for file, test, parameter in tests:
            defined = defined_in(file_of(file))
            assert test in defined, f"{file}::{test}"
            assert not parameter or parameter in defined, f"{file}::{test}[{parameter}]"


def test_every_test_of_a_fault_is_in_the_table():
    named = {(file_of(file), test) for _fault, tests in rows() for file, test, _parameter in tests}
    browser = ROOT / "tests/browser/test_faults.py"
    for path in {*HERE.glob("test_*.py"), browser} - {Path(__file__)}:
        tests = {name for name in defined_in(path) if name.startswith("test_")}
        assert {test for file, test in named if file == path} == tests, path.name


def test_every_way_to_break_a_browsers_server_is_in_the_table():
    text = (ROOT / "tests/browser/test_faults.py").read_text()
    listed = set(
        re.findall(r"^    (\w+),$", text[text.index("FAULTS: list") : text.index("]\n\n\n@pytest.mark")], re.M)
    )
    named = {parameter for _fault, tests in rows() for _file, _test, parameter in tests if parameter}
    assert listed == named != set()
