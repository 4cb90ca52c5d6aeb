"""The sample configuration of nginx, run as it stands in front of servers of ours."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.processes import Process, Server
from tests.services import ROOT, free_port, nginx

SAMPLE = ROOT / "deploy" / "nginx"
TYPES = "types { text/css css; application/javascript js; image/svg+xml svg; }\n"


class Origin:
    """A server of the test's own to stand behind nginx: `answer` answers each request, `asked` counts them."""

    def __init__(self, answer: Callable[[BaseHTTPRequestHandler], None]) -> None:
        self.asked = 0
        origin = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                origin.asked += 1
                answer(self)

            do_POST = do_GET

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]

    @contextmanager
    def run(self) -> Iterator["Origin"]:
        """Serve for as long as the block lasts."""
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        yield self
        self.server.shutdown()
        self.server.server_close()


@contextmanager
def front(folder: Path, servers: Sequence[Server | Origin], static_root: Path) -> Iterator[Process]:
    """A private nginx with our sample: only addresses and folders are others. Everything of it is in `folder`."""
    port = free_port()
    shutil.copytree(SAMPLE, folder / "liveblog")
    cache = folder / "cache"
    cache.mkdir()
    (folder / "mime.types").write_text(TYPES)
    listed = "".join(f"    server 127.0.0.1:{server.port} max_fails=2 fail_timeout=2s;\n" for server in servers)
    _exchange(folder / "liveblog/upstream.conf", "    server 127.0.0.1:8000 max_fails=2 fail_timeout=2s;\n", listed)
    _exchange(folder / "liveblog/server.conf", "listen 80 ", f"listen 127.0.0.1:{port} ")
    _exchange(folder / "liveblog/http.conf", "/var/cache/nginx/liveblog", str(cache))
    _exchange(folder / "liveblog/locations.conf", "/srv/liveblog/static/", f"{static_root}/")
    main = folder / "nginx.conf"
    shutil.copy(SAMPLE / "nginx.conf", main)
    _exchange(main, "pid /run/nginx.pid;", f"pid {folder}/nginx.pid;")
    # As root its workers would be somebody who may not read a test's folder.
    own = "daemon off;" + (" user root;" if os.geteuid() == 0 else "")
    places = "".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    _exchange(main, "http {\n", f"http {{\n    {places}\n")
    command = [nginx(), "-p", str(folder), "-e", "stderr", "-c", str(main), "-g", own]
    process = Process(command, port, {"PATH": "/usr/sbin:/usr/bin:/bin"})
    try:
        process.restart()
        yield process
        assert "[emerg]" not in process.log and "[crit]" not in process.log, process.log
    finally:
        # SIGTERM, so that its workers end with it.
        if process._process is not None and process._process.poll() is None:
            process.terminate()
        process.close()


def _exchange(path: Path, was: str, now: str) -> None:
    text = path.read_text()
    assert text.count(was) == 1, f"{path.name} should say “{was.strip()}” once"
    path.write_text(text.replace(was, now))
