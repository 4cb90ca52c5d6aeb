"""A configuration that makes no sense is answered with one sentence, and no traceback."""

import os
import re
import subprocess
import sys

import pytest

from liveblog import databases
from tests.services import ROOT


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py with nothing but this environment."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({}, "SECRET_KEY"),
        ({"DEBUG": "perhaps"}, "DEBUG"),
        ({"DEBUG": "1", "DATABASE_URL": "my database"}, "DATABASE_URL"),
        ({"DEBUG": "1", "DATABASE_URL": "mysql://localhost/x"}, "DATABASE_URL"),
        ({"DEBUG": "1", "DATABASE_URL": "postgres://localhost"}, "DATABASE_URL"),
        ({"DEBUG": "1", "DATABASE_URL": "postgres://localhost:port/x"}, "DATABASE_URL"),
        ({"DEBUG": "1", "REDIS_URL": "http://localhost"}, "REDIS_URL"),
        ({"DEBUG": "1", "SECOND_FACTOR_REQUIRED": "perhaps"}, "SECOND_FACTOR_REQUIRED"),
        ({"DEBUG": "1", "PORT": "eighty"}, "PORT"),
        ({"DEBUG": "1", "PORT": "70000"}, "PORT"),
        ({"DEBUG": "1", "SITE_URL": "live.example.org"}, "SITE_URL"),
        ({"DEBUG": "1", "TRUSTED_PROXIES": "the proxy"}, "TRUSTED_PROXIES"),
        ({"DEBUG": "1", "SOCKETS_MAX": "many"}, "SOCKETS_MAX"),
        ({"DEBUG": "1", "ACCEPT_RATE": "0"}, "ACCEPT_RATE"),
        ({"DEBUG": "1", "DRAIN_NOTICE": "a while"}, "DRAIN_NOTICE"),
        ({"DEBUG": "1", "DRAIN_SECONDS": "-1"}, "DRAIN_SECONDS"),
        ({"DEBUG": "1", "DRAIN_SECONDS": "nan"}, "DRAIN_SECONDS"),
        ({"DEBUG": "1", "LOG_LEVEL": "loud"}, "LOG_LEVEL"),
    ],
)
def test_nonsense_is_named_in_one_sentence(environment, named):
    answer = manage("check", **environment)
    assert answer.returncode == 2
    assert named in answer.stderr
    assert "Traceback" not in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1


def test_serving_without_collected_files_says_so(tmp_path):
    answer = manage("serve", SECRET_KEY="x" * 60, STATIC_ROOT=str(tmp_path))
    assert answer.returncode == 2
    assert "collectstatic" in answer.stderr
    assert "Traceback" not in answer.stderr


#: As .env.example has it for a newsroom.
PRODUCTION = {
    "SECRET_KEY": "a-long-one-of-many-letters-for-this-test-0123456789-and-more",
    "SITE_URL": "https://live.example.org",
    "DATABASE_URL": "postgres://liveblog:password@127.0.0.1:5432/liveblog",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "SECOND_FACTOR_REQUIRED": "true",
    "REMOVALS_FILE": "/var/lib/liveblog/removals.jsonl",
    "MEDIA_ROOT": "/var/lib/liveblog/media",
}


def test_a_deployment_passes_djangos_check_without_a_word():
    answer = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert answer.returncode == 0, answer.stderr
    assert "no issues" in answer.stdout


def test_what_a_deployment_lacks_has_an_id_and_a_hint():
    # As it is where nobody says otherwise.
    there = {"SECRET_KEY": PRODUCTION["SECRET_KEY"], "MEDIA_ROOT": str(ROOT / "media")}
    answer = manage("check", "--deploy", "--fail-level", "WARNING", **there)
    assert answer.returncode != 0
    hints = ("SECOND_FACTOR_REQUIRED", "DATABASE_URL", "REDIS_URL", "SITE_URL", "REMOVALS_FILE", "MEDIA_ROOT")
    for number, hint in enumerate(hints, 1):
        [line] = [line for line in answer.stderr.splitlines() if f"liveblog.W00{number}" in line]
        after = answer.stderr[answer.stderr.index(line) + len(line) :].splitlines()[1]
        assert after.strip().startswith(f"HINT: Set {hint}")


def test_make_says_what_is_missing(tmp_path):
    makefile = (ROOT / "Makefile").read_text()
    (tmp_path / "Makefile").write_text(makefile)
    (tmp_path / "requirements.txt").write_text("")
    answer = subprocess.run(["make", "run", "PYTHON=no-such-python"], cwd=tmp_path, capture_output=True, text=True)
    assert answer.returncode != 0
    assert "Python 3.11 or newer" in answer.stderr
    bare = tmp_path / "python-without-venv"
    bare.write_text(f'#!/bin/sh\ncase "$2" in *venv*) exit 1;; esac\nexec {sys.executable} "$@"\n')
    bare.chmod(0o755)
    answer = subprocess.run(["make", "run", f"PYTHON={bare}"], cwd=tmp_path, capture_output=True, text=True)
    assert answer.returncode != 0
    assert "apt install python3-venv" in answer.stderr


def test_the_connections_that_are_promised_are_those_of_the_pool_and_two():
    kept = databases.of("postgres://127.0.0.1/x")["OPTIONS"]["pool"]["max_size"] + 2
    for path in ("docs/operating.md", "docker-compose.yml"):
        assert re.search(rf"keeps up to {kept}\s(PostgreSQL )?connections", (ROOT / path).read_text()), path
    (allowed,) = re.findall(r"max_connections=(\d+)", (ROOT / "docker-compose.yml").read_text())
    # Nine processes, one more in a rolling restart, and what is done by hand.
    assert int(allowed) >= kept * (9 + 1) + 10
