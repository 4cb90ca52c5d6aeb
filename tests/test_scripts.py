"""The browser's pure rules, run by Node's own test runner."""

import shutil
import subprocess

from tests.services import ROOT


def test_the_scripts_pass_their_own_tests():
    files = sorted(str(path) for path in (ROOT / "tests" / "js").glob("*.test.mjs"))
    assert files
    node = shutil.which("node")
    assert node
    answer = subprocess.run([node, "--test", *files], capture_output=True, text=True, timeout=120, cwd=ROOT)
    assert answer.returncode == 0, answer.stdout + answer.stderr
