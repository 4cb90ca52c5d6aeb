"""Static files on their way out: hashed names, modules that find each other, no comments.

Comments in scripts and styles are for us, and go. In scripts the tokens tell what is one.

Pages that are open go on loading the files of the release that made them. So a new release
is collected into the same folder, beside the files of the one before it.
"""

import json
import os
import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from servestatic.storage import CompressedManifestStaticFilesStorage

from liveblog.joined import join
from liveblog.names import shorten
from liveblog.tokens import pieces

#: The manifests in STATIC_ROOT: of the release that was collected last, and of the one before it.
MANIFEST, PREVIOUS = "staticfiles.json", "staticfiles.previous.json"
#: Each of these leaves as one file, with the modules that it imports.
JOINED = ("js/event.js", "js/embed.js")
#: A name as Django hashes it, plain or compressed.
HASHED = re.compile(r"^(?P<name>.+\.[0-9a-f]{12}(?:\.[^./]+)?)(?:\.(?:gz|br|zstd))?$")

_IN_WORD = re.compile(r"[\w$#]")
#: No statement ends after these: what follows may stand on the same line.
_GOES_ON = frozenset(("", "{", "(", "[", ",", ";", "?", ":", "=", ">", "&", "|"))
#: What a statement begins after; a brace that ends one may also end a value, and then a mark follows.
_BEGINS = frozenset(("", ";", "{"))
#: A mark, and the one after it that makes it needless.
_NEEDLESS = frozenset(((";", "}"), (",", "}"), (",", ")")))
#: Words for which others do.
_SHORTER = {"const": "let", "true": "!0", "false": "!1"}
_STYLE = re.compile(r"""(?P<keep>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|(?P<comment>/\*.*?\*/)""", re.DOTALL)
_INDENT = re.compile(r"\n\s+")


def strip_script(source: str) -> str:
    """Return a script without comments and needless space; strings, templates and patterns stay as they are.

    What is declared is declared by `let`: that nothing constant is changed, the sources say. Lines
    stay apart wherever the end of one may end a statement. Two things it does not know: a regular
    expression right after `if (…)` looks like a division, and an empty statement as the last body of
    a block (`if (…);}`) loses its semicolon. That every script is one still, a test sees to.
    """
    out = [""]
    gap = ""
    #: For each bracket that is open, and outside all of them: whether the statement under way declares anything.
    declaring = [False]
    for kind, piece in pieces(source):
        if kind in ("space", "comment"):
            # A comment parts words as a space does, and ends a line if it goes over one.
            gap = "\n" if "\n" in gap + piece else " "
            continue
        if kind == "word" and out[-1] != ".":
            piece = _SHORTER.get(piece, piece)
        if piece == "let" and out[-1] == ";" and declaring[-1]:
            # Another of them: the word need not be said again.
            out[-1], gap = ",", ""
            continue
        if out[-1] in _BEGINS:
            declaring[-1] = piece == "let"
        if kind == "mark" and piece in "([{":
            declaring.append(False)
        elif kind == "mark" and piece in ")]}" and len(declaring) > 1:
            declaring.pop()
            if (out[-1], piece) in _NEEDLESS:
                out.pop()
        out += [gap if _needs_gap(out[-1], gap, piece) else "", piece]
        gap = ""
    return "".join(out) + "\n"


def _needs_gap(last: str, gap: str, piece: str) -> bool:
    """Whether the space or the end of line between two tokens says something."""
    if gap == "\n":
        # A word after a block begins a statement; after an object without a semicolon Node would not have it.
        if last == "}" and _IN_WORD.match(piece):
            return False
        return last not in _GOES_ON and piece[0] not in "})]"
    return bool(_IN_WORD.match(last[-1:]) and _IN_WORD.match(piece)) or (last[-1:] in "+-/" and piece[0] in "+-/")


def strip_style(source: str) -> str:
    """Return a style sheet without comments and indentation."""
    return _INDENT.sub("\n", _STYLE.sub(lambda match: match["keep"] or "", source)).strip() + "\n"


class Storage(CompressedManifestStaticFilesStorage):
    """Hashed and compressed, with modules rewritten and our own comments taken out.

    What an earlier `collectstatic` has finished is never written again: readers load it at
    this moment. Manifests change in one step.
    """

    support_js_module_import_aggregation = True
    #: Other people's files keep their comments: their licences stand there.
    ours = re.compile(r"^(js|css)/[^/]+\.(js|css)$")
    #: Hashed names that earlier releases' manifests hold; filled while files are collected.
    _finished: frozenset[str] = frozenset()

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Any:
        """Strip our files where `collectstatic` has put them, hash everything, drop what no release names."""
        if dry_run:
            return
        self._finished = frozenset(filter(self.exists, self._named()))
        whole = {name: shorten(join(os.path.basename(name), self._script)) for name in JOINED if name in paths}
        for name in paths:
            if not self.ours.match(name):
                continue
            source = whole.get(name) or self._text(name)
            stripped = strip_script(source) if name.endswith(".js") else strip_style(source)
            self.delete(name)
            self.save(name, ContentFile(stripped.encode()))
            paths[name] = (self, name)
        yield from super().post_process(paths, dry_run, **options)
        self._prune()

    def _text(self, name: str) -> str:
        with self.open(name) as file:
            return str(file.read().decode())

    def _script(self, name: str) -> str:
        return self._text(f"js/{name}")

    def get_modified_time(self, name: str) -> Any:
        """Unknown, so that all is copied: files of another release may be younger than this one's."""
        raise NotImplementedError

    def save_manifest(self) -> None:
        """Keep the manifest of the release before this one; the same release again changes nothing."""
        before = self.read_manifest()
        if before is not None and json.loads(before)["paths"] != self.hashed_files:
            self._save(PREVIOUS, ContentFile(before.encode()))
        super().save_manifest()

    def delete(self, name: str) -> None:
        """Delete a file, unless it is a finished one; a manifest is only ever replaced."""
        if name not in self._finished and name not in (MANIFEST, PREVIOUS):
            super().delete(name)

    def compress_files(self, paths: set[str]) -> Iterator[tuple[str, str]]:
        """Compress what is new, and what pages load: nobody asks for plain names."""
        yield from super().compress_files({name for name in paths if HASHED.match(name)} - self._finished)

    def _save(self, name: str, content: Any) -> str:
        if name in self._finished and self.exists(name):
            return name
        if name not in (MANIFEST, PREVIOUS):
            return str(super()._save(name, content))
        # A process that starts at this moment finds one or the other, whole.
        part = super()._save(f"{name}.part", content)
        os.replace(self.path(part), self.path(name))
        return name

    def _named(self) -> frozenset[str]:
        """Every hashed name in the manifests."""
        return frozenset(name for manifest in (MANIFEST, PREVIOUS) for name in paths_in(self.path(manifest)).values())

    def _prune(self) -> None:
        """Delete the hashed files, and their compressed forms, that neither manifest names."""
        kept = self._named() | set(self.hashed_files)
        for folder, _folders, files in os.walk(self.location):
            for file in files:
                name = self.clean_name(os.path.relpath(os.path.join(folder, file), self.location))
                hashed = HASHED.match(name)
                if hashed and hashed["name"] not in kept and name not in kept:
                    os.unlink(self.path(name))


def paths_in(manifest: str | os.PathLike[str]) -> dict[str, str]:
    """Plain name -> hashed name in a manifest; nothing when there is no such file."""
    try:
        with open(manifest, encoding="utf-8") as file:
            paths: dict[str, str] = json.load(file)["paths"]
    except FileNotFoundError:
        return {}
    return paths
