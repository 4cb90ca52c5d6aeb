"""Stock Firefox by WebDriver BiDi: its own door for tests, so that no driver need be installed beside it.

https://w3c.github.io/webdriver-bidi/: JSON over a websocket; a command has an id, and its answer
has the same.
"""

import json
import re
import subprocess
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from websockets.sync.client import connect

#: Firefox asks nobody anything, and takes a window that is not in front for one that is.
PREFERENCES = {
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.safebrowsing.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "focusmanager.testmode": True,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
}
SECONDS = 30


class Firefox:
    """A Firefox with a profile of its own; gone at the end of `with`."""

    def __init__(self, program: str) -> None:
        self.program = program
        self.complaints: list[str] = []
        self._last = 0

    def __enter__(self) -> "Firefox":
        # The processes of a Firefox that was ended may still write into it.
        self._profile = tempfile.TemporaryDirectory(prefix="firefox-", ignore_cleanup_errors=True)
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items()]
        Path(self._profile.name, "user.js").write_text("\n".join(lines))
        command = [self.program, "--headless", "--no-remote", "--profile", self._profile.name]
        command += ["--remote-debugging-port", "0", "about:blank"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self._open = ExitStack()
        self._socket = self._open.enter_context(connect(f"{self._door()}/session", max_size=None))
        self.call("session.new", capabilities={})
        self.call("session.subscribe", events=["log.entryAdded"])
        return self

    def __exit__(self, *_error: object) -> None:
        self._open.close()
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
        self._profile.cleanup()

    def _door(self) -> str:
        """Where it listens, as it says on standard error."""
        said = []
        assert self._process.stderr
        for line in self._process.stderr:
            said.append(line)
            if match := re.search(r"BiDi listening on (ws://\S+)", line):
                return match[1]
        raise AssertionError(f"Firefox has ended: {''.join(said)}")

    def call(self, method: str, **parameters: Any) -> Any:
        """Give a command and return its result; raise AssertionError with Firefox's own words otherwise."""
        self._last += 1
        self._socket.send(json.dumps({"id": self._last, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv(timeout=SECONDS))
            if message.get("id") == self._last:
                assert message["type"] == "success", f"{method}: {message.get('message')}"
                return message["result"]
            self._hear(message)

    def _hear(self, message: dict[str, Any]) -> None:
        entry = message.get("params", {})
        if message.get("method") == "log.entryAdded" and (entry["type"], entry["level"]) == ("javascript", "error"):
            self.complaints.append(entry["text"])

    def open(self, address: str) -> "Tab":
        """A new tab, 1000 × 700, with this page loaded."""
        tab = Tab(self, self.call("browsingContext.create", type="tab")["context"])
        size = {"width": 1000, "height": 700}
        self.call("browsingContext.setViewport", context=tab.context, viewport=size)
        self.call("browsingContext.navigate", context=tab.context, url=address, wait="complete")
        return tab


class Tab:
    """One page in it."""

    def __init__(self, firefox: Firefox, context: str) -> None:
        self.firefox, self.context = firefox, context

    def run(self, script: str, *arguments: Any) -> Any:
        """Call a function written in JavaScript with plain arguments; return what it returns, as JSON has it."""
        function = f"async (given) => JSON.stringify(await ({script})(...JSON.parse(given)) ?? null)"
        given = [{"type": "string", "value": json.dumps(arguments)}]
        target = {"context": self.context}
        found = self.firefox.call(
            "script.callFunction", functionDeclaration=function, arguments=given, target=target, awaitPromise=True
        )
        assert found["type"] == "success", f"{script}: {found.get('exceptionDetails', {}).get('text')}"
        return json.loads(found["result"]["value"])

    def until(self, script: str, *arguments: Any) -> Any:
        """Wait until the function returns something; return that."""
        limit = time.monotonic() + SECONDS
        while not (found := self.run(script, *arguments)):
            assert time.monotonic() < limit, f"{script} {arguments}: {self.run('() => document.body.innerText')[:800]}"
            time.sleep(0.05)
        return found

    def click(self, selector: str) -> None:
        """Press the mouse in the middle of an element, as a hand would."""
        middle = """(selector) => {
            const { left, top, width, height } = document.querySelector(selector).getBoundingClientRect();
            return [Math.round(left + width / 2), Math.round(top + height / 2)];
        }"""
        x, y = self.run(middle, selector)
        press = [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        mouse = {"type": "pointer", "id": "mouse", "actions": [{"type": "pointerMove", "x": x, "y": y}, *press]}
        self.firefox.call("input.performActions", context=self.context, actions=[mouse])

    def close(self) -> None:
        """Close the tab."""
        self.firefox.call("browsingContext.close", context=self.context)
