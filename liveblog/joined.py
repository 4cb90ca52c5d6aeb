"""The reader's scripts as one file: its modules joined on their way out.

A module that imports others is a chain of requests, each found only when the one before it has
come: three round trips on a phone before the page is live. Joined they are one request, and
compress better than each alone. The sources stay modules, and are served as they are where
`DEBUG` is on.
"""

import re
from collections.abc import Callable

from liveblog.names import declared, strays

_IMPORT = re.compile(r'^import\s+(?:\{(?P<names>[^}]*)\}\s+from\s+)?"\./(?P<file>[\w-]+\.js)";\n', re.M)
_EXPORT = re.compile(r"^export\s+(?=(?:async|const|let|class|function)\b)", re.M)
_NAME = re.compile(r"[\w$]+")
_LEFT = re.compile(r"^(?:import|export)\b.*", re.M)


def join(entry: str, read: Callable[[str], str]) -> str:
    """Return the module `entry` with all that it imports before it; `read(name)` gives a module's source.

    What stands at the top of a module begins in the first column, as prettier writes it, and
    shares one scope afterwards: raises ``ValueError`` where two modules declare the same name,
    where one reads another's without importing it (joined it would run, and alone it would not),
    and for any other form of import or export than `import { a, b } from "./c.js"`.
    """
    parts: dict[str, str] = {}
    #: Which module declares a name, and which names a module imports.
    owners: dict[str, str] = {}
    imported: dict[str, set[str]] = {}

    def take(file: str) -> None:
        if file in imported:
            return
        source, imported[file] = read(file), set()
        for match in _IMPORT.finditer(source):
            if " as " in match[0]:
                raise ValueError(f"{file} renames what it imports: {match[0].strip()}")
            imported[file].update(_NAME.findall(match["names"] or ""))
            take(match["file"])
        body = _EXPORT.sub("", _IMPORT.sub("", source))
        if left := _LEFT.search(body):
            raise ValueError(f"{file} cannot be joined: {left[0]}")
        for name in declared(body):
            if owners.setdefault(name, file) != file:
                raise ValueError(f"{file} and {owners[name]} both declare {name}")
        parts[file] = body

    take(entry)
    for file, body in parts.items():
        for name in sorted(strays(body) & set(owners) - imported[file]):
            raise ValueError(f"{file} reads {name} of {owners[name]} and does not import it")
    return "".join(parts.values())
