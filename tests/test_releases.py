"""One folder of static files for two releases at once: pages of either find theirs, from either's processes."""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urljoin

import pytest

from liveblog import release
from liveblog.hashed import AnyRelease
from liveblog.static import MANIFEST, PREVIOUS, paths_in
from tests import processes
from tests.services import ROOT, free_port

IN_PAGE = re.compile(r"""(?:src|href)="(/static/[^"]+)\"""")
IMPORT = re.compile(r"""(?:\bfrom\s*|\bimport\s*\(?\s*)["'](\.{1,2}/[^"']+)["']""")


class Tree:
    """A copy of the project that may be changed, collected and served: a release."""

    def __init__(self, folder: Path, static_root: Path, word: str) -> None:
        for name in ("liveblog", "events", "templates", "static", "locale"):
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "manage.py", folder)
        self.folder, self.static_root = folder, static_root
        script = folder / "static" / "js" / "sequence.js"
        script.write_text(f"{script.read_text()}\nexport const madeBy = '{word}';\n")

    def environment(self, port: int = 8000, database: str = "sqlite:///unused.sqlite3") -> dict[str, str]:
        site = f"http://127.0.0.1:{port}"
        further = {"DEBUG": "false", "SECRET_KEY": "for-tests-alone", "STATIC_ROOT": str(self.static_root)}
        return processes.environment(database, None, PORT=str(port), HOST="127.0.0.1", SITE_URL=site, **further)

    def collect(self) -> dict[str, str]:
        """Collect; return what the manifest names."""
        command = [sys.executable, str(self.folder / "manage.py"), "collectstatic", "--noinput", "--verbosity", "0"]
        done = subprocess.run(command, env=self.environment(), capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return paths_in(self.static_root / MANIFEST)

    @contextmanager
    def serve(self, database: str):
        port = free_port()
        command = [sys.executable, str(self.folder / "manage.py"), "serve"]
        server = processes.Server(command, port, self.environment(port, database))
        try:
            server.restart()
            yield server
        finally:
            server.close()


def get(url: str) -> tuple[int, bytes, str]:
    """Status, body and Cache-Control."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.read(), answer.headers.get("Cache-Control", "")
    except urllib.error.HTTPError as error:
        return error.code, error.read(), error.headers.get("Cache-Control", "")


def loaded(base: str, page: str) -> set[str]:
    """Every static address that a page loads, modules' modules too; each answers."""
    waiting, found = IN_PAGE.findall(page), set()
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        status, body, _caching = get(base + path)
        assert status == 200, path
        if path.endswith(".js"):
            waiting += [urljoin(path, name) for name in IMPORT.findall(body.decode())]
    return found


@pytest.fixture(scope="module")
def trees(tmp_path_factory) -> list[Tree]:
    folder = tmp_path_factory.mktemp("releases")
    return [Tree(folder / word, folder / "shared", word) for word in ("first", "second", "third")]


def test_pages_of_two_releases_find_their_files_in_processes_of_both(trees, database):
    first, second, third = trees
    with ExitStack() as stack:
        processes.write_elsewhere(database, None, "begin")
        named = first.collect()
        old = stack.enter_context(first.serve(database))
        old_page = get(f"{old.url}/events/call/")[1].decode()
        old_paths = loaded(old.url, old_page)
        before = {path: (first.static_root / path.removeprefix("/static/")).stat() for path in old_paths}

        second.collect()
        new = stack.enter_context(second.serve(database))
        new_page = get(f"{new.url}/events/call/")[1].decode()
        new_paths = loaded(new.url, new_page)
        # A page loads one script, and the changed module is in it.
        assert f"/static/{named['js/event.js']}" in old_paths - new_paths
        assert get(f"{old.url}/events/call/updates/?after=0")[0] == 200

        for path in old_paths | new_paths:
            answers = [get(server.url + path) for server in (old, new)]
            assert [status for status, _body, _caching in answers] == [200, 200], path
            assert answers[0] == answers[1]
            assert "immutable" in answers[0][2]
        # What readers load at this moment is not written again.
        for path, was in before.items():
            now = (first.static_root / path.removeprefix("/static/")).stat()
            assert (now.st_ino, now.st_mtime_ns) == (was.st_ino, was.st_mtime_ns), path

        # The same release once more, then the next one: the files of the one before it stay, older ones go.
        second.collect()
        assert {get(new.url + path)[0] for path in old_paths} == {200}
        third.collect()
        on_disk = {f"/static/{path.relative_to(third.static_root)}" for path in third.static_root.rglob("*")}
        assert on_disk >= new_paths
        gone = f"/static/{named['js/event.js']}"
        assert not {path for path in on_disk if path.startswith(gone)}
        assert paths_in(third.static_root / PREVIOUS)["js/event.js"] in {path[8:] for path in new_paths}
        for odd in ("/static/js/none.0123456789ab.js", "/static/../manage.0123456789ab.py", "/static/%2e%2e/manage.py"):
            assert get(old.url + odd)[0] == 404
        assert "Traceback" not in old.log + new.log


def test_a_file_that_is_older_than_the_last_release_is_collected_all_the_same(trees, tmp_path):
    # Into the folder that is filled already: what is compressed once is not compressed again.
    tree = Tree(tmp_path / "tree", trees[0].static_root, "before")
    was = tree.collect()["js/sequence.js"]
    script = tree.folder / "static" / "js" / "sequence.js"
    script.write_text(script.read_text().replace("before", "behind"))
    os.utime(script, (1_000_000_000, 1_000_000_000))
    assert tree.collect()["js/sequence.js"] != was


def test_the_release_changes_with_code_files_and_settings_and_with_nothing_else(trees):
    tree = trees[0]
    tree.collect()

    def now(*public: object) -> str:
        return release.of(tree.folder, tree.static_root, *public)

    was = now("site")
    tree.collect()
    assert now("site") == was
    assert now("another site") != was
    (tree.folder / "templates" / "reader" / "home.html").write_text("<p>Another page.</p>")
    assert now("site") != was
    was = now("site")
    manifest = json.loads((tree.static_root / MANIFEST).read_text())
    (tree.static_root / MANIFEST).write_text(json.dumps(manifest | {"hash": "another"}))
    assert now("site") != was


async def test_many_who_ask_for_what_is_not_there_cost_one_look(settings, tmp_path, monkeypatch):
    settings.DEBUG = False
    settings.STATIC_ROOT = tmp_path
    settings.SERVESTATIC_AUTOREFRESH = settings.SERVESTATIC_USE_FINDERS = False
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "liveblog.static.Storage"}}
    looks = []

    async def elsewhere(request):
        return request.path_info

    class Request:
        method, META = "GET", {}

        def __init__(self, path):
            self.path_info = path

    door = AnyRelease(elsewhere)
    read = AnyRelease.read_manifests
    monkeypatch.setattr(AnyRelease, "read_manifests", lambda self: (looks.append(1), read(self)))
    paths = [f"/static/js/none.{number:012x}.js" for number in range(50)]
    assert await asyncio.gather(*(door(Request(path)) for path in paths)) == paths
    assert await door(Request(paths[0])) == paths[0]
    assert len(looks) == 1
    # A plain name is no reason to look, nor is anything beside the static files.
    for path in ("/static/js/none.js", "/events/call.0123456789ab.js"):
        door._look_after = 0.0
        await door(Request(path))
    assert len(looks) == 1
