"""Imports go down only; rooms on one floor do not know each other."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

#: Room -> floor. The longest prefix counts. Floors are those of the README's plan.
FLOORS = {
    "events.text": 0,
    "events.arguments": 0,
    "events.batch": 0,
    "events.compiled": 0,
    "events.differences": 0,
    "events.headers": 0,
    "events.twins": 0,
    "events.uploads": 0,
    "events.facades": 1,
    "events.separators": 0,
    "events.client_words": 0,
    "events.live.channel": 0,
    "events.models": 1,
    "events.permissions": 2,
    "events.render": 2,
    "events.steady": 2,
    "events.templatetags": 2,
    "events.search": 2,
    "events.factor": 3,
    "events.frames": 3,
    "events.article": 3,
    "events.archive": 4,
    "events.pages": 4,
    "events.embed_pages": 5,
    "events.fragments": 5,
    "events.feeds": 5,
    "events.oembed": 5,
    "events.sitemap": 3,
    "events.cards": 3,
    "events.publishing": 4,
    "events.live": 5,
    "events.forms": 5,
    "events.seeding": 5,
    "events.views": 6,
    "events.live.doors": 6,
    "events.live.reads": 6,
    "events.admin": 7,
    "events.management": 7,
    "events.urls": 7,
    "events.embed_urls": 7,
    "liveblog.lifeline": 0,
    "liveblog.heartbeat": 1,
    "liveblog.worker": 2,
    "liveblog.server": 6,
    "liveblog.workers": 6,
    "liveblog": 8,
    "events.apps": 8,
    "events.migrations": 8,
}
#: Read by all, above none.
SETTLED = ("liveblog.settings", "liveblog.static")


def room_of(module: str) -> str | None:
    """The room that a module belongs to: the longest prefix among `FLOORS`."""
    parts = module.split(".")
    for length in range(len(parts), 0, -1):
        if (name := ".".join(parts[:length])) in FLOORS:
            return name
    return None


def imports(path: Path) -> set[str]:
    """Every module of ours that a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in found if name.split(".")[0] in ("events", "liveblog")}


def modules() -> dict[str, Path]:
    """Every module of ours by its dotted name."""
    files = [*ROOT.glob("events/**/*.py"), *ROOT.glob("liveblog/**/*.py")]
    return {".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): file for file in files}


def test_every_module_has_a_room():
    homeless = [name for name in modules() if name not in ("events", "liveblog") and room_of(name) is None]
    assert homeless == []


def test_imports_go_down_and_never_sideways():
    wrong = []
    for name, path in modules().items():
        room = room_of(name)
        if room is None or room in ("liveblog", "events.migrations", "events.apps"):
            continue
        for imported in imports(path):
            target = room_of(imported)
            if target is None or target == room or imported.startswith(SETTLED):
                continue
            if FLOORS[target] >= FLOORS[room]:
                wrong.append(f"{name} imports {imported}")
    assert wrong == []


def test_publishing_and_the_hub_never_meet():
    for name, path in modules().items():
        if name.startswith("events.publishing"):
            assert not [one for one in imports(path) if "live.hub" in one], name
        if name.startswith("events.live"):
            assert not [one for one in imports(path) if "publishing" in one], name


def test_async_lives_in_the_live_rooms_alone():
    for name, path in modules().items():
        if name.startswith("events.") and not name.startswith("events.live"):
            asynchronous = [
                node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.AsyncFunctionDef)
            ]
            assert asynchronous == [], name


def test_no_room_is_called_after_a_layer():
    for path in modules().values():
        assert path.stem not in ("utils", "services", "helpers", "managers", "signals")
