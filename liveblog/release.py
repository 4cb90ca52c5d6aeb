"""Which release this process is of: the same in every process that answers with the same bytes."""

import hashlib
import json
from pathlib import Path

#: What the bytes of an answer are made by. Versions stand still between tags; files do not.
CODE = ("liveblog/**/*.py", "events/**/*.py", "templates/**/*", "locale/**/*.mo")
#: With DEBUG scripts and styles are served from here as they are.
SOURCES = ("static/**/*",)


def of(root: Path, static_root: Path | None, *public: object) -> str:
    """Return ten characters that change with the code, the static files and the public settings.

    `static_root` is the folder that holds the manifest of collected files; None with DEBUG,
    where the sources themselves are served.
    """
    digest = hashlib.sha256(repr(public).encode())
    for pattern in CODE if static_root else CODE + SOURCES:
        for path in sorted(path for path in root.glob(pattern) if path.is_file()):
            digest.update(f"\0{path.relative_to(root)}\0".encode() + path.read_bytes())
    if static_root:
        digest.update(_manifest(static_root))
    return digest.hexdigest()[:10]


def _manifest(static_root: Path) -> bytes:
    """The manifest's own hash of the names in it; nothing before `collectstatic` has run."""
    try:
        # Not the manifest's text: it holds the files' times, which differ between machines.
        return str(json.loads((static_root / "staticfiles.json").read_text())["hash"]).encode()
    except FileNotFoundError:
        return b""
