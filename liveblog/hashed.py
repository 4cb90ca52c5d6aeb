"""Hashed static files of whichever release a page was made by, from any process.

While a release rolls out, the balancer sends requests for the new release's files to
processes of the old one, and the other way round. All of them share STATIC_ROOT.
"""

import asyncio
import os
import time
from contextlib import suppress
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from servestatic.middleware import ServeStaticMiddleware
from servestatic.responders import MissingFileError

from liveblog.static import HASHED, MANIFEST, PREVIOUS, paths_in

#: Seconds between two looks at the manifests, however many ask for what is not there.
LOOK_SECONDS = 1.0


class AnyRelease(ServeStaticMiddleware):
    """ServeStatic, which reads the manifests again when it is asked for a hashed name that it does not know.

    A request's path is never joined to a folder: only what a manifest names is served.
    """

    _look_after = 0.0
    _seen: tuple[tuple[int, int], ...] = ()

    async def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Serve a file of any release, or pass the request on."""
        if self.use_manifest and self._is_unknown(request.path_info):
            # Those who ask meanwhile wait here for the same look.
            async with self._looking:
                if self._is_unknown(request.path_info) and time.monotonic() >= self._look_after:
                    await asyncio.to_thread(self.read_manifests)
                    self._look_after = time.monotonic() + LOOK_SECONDS
        answer: HttpResponseBase = await super().__call__(request)
        return answer

    def add_files_from_finders(self) -> None:
        """With DEBUG each request looks for its own file: only the folders need be known, not what is in them."""
        if not self.autorefresh:
            super().add_files_from_finders()
            return
        for finder in finders.get_finders():
            for storage in getattr(finder, "storages", {}).values():
                self.insert_directory(storage.location, self.static_prefix)

    def add_files_from_manifest(self) -> None:
        """At the start: our own release's files, then those of the one before it."""
        self._looking = asyncio.Lock()
        super().add_files_from_manifest()
        self.read_manifests()

    def immutable_file_test(self, path: str, url: str) -> bool:
        """A hashed name is for ever, whichever release made it."""
        return bool(HASHED.match(url))

    def read_manifests(self) -> None:
        """Take in what the manifests name now, and let go of what they named once and do not any more."""
        manifests = [Path(self.static_root) / name for name in (MANIFEST, PREVIOUS)]
        stamp = tuple((stat.st_mtime_ns, stat.st_ino) for stat in map(_stat, manifests) if stat)
        if stamp == self._seen:
            return
        paths = [pair for manifest in manifests for pair in paths_in(manifest).items()]
        # A plain name of somebody else's may look like a hashed one.
        named = {f"{self.static_prefix}{name}" for pair in paths for name in pair}
        for url in [url for url in self.files if HASHED.match(url) and url not in named]:
            del self.files[url]
        for url in {f"{self.static_prefix}{hashed}" for _plain, hashed in paths}.difference(self.files):
            path = os.path.join(self.static_root, url.removeprefix(self.static_prefix))
            with suppress(MissingFileError):
                self.add_file_to_dictionary(url, path, root=self.static_root)
        self._seen = stamp

    def _is_unknown(self, url: str) -> bool:
        return url not in self.files and url.startswith(self.static_prefix) and bool(HASHED.match(url))


def _stat(path: Path) -> os.stat_result | None:
    with suppress(FileNotFoundError):
        return path.stat()
    return None
