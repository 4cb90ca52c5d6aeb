"""How many sockets one process holds, in all and for one address, and how fast it lets them in.

Nobody is refused to read: whoever finds no place is closed with 4429, and polls; whoever
comes in a storm is told when to come back.
"""

import ipaddress
import time
from collections import Counter
from typing import Any

from django.conf import settings

from events.live import metrics


class Caps:
    """Counts the sockets of this process."""

    def __init__(self) -> None:
        self._places: Counter[str] = Counter()

    def enter(self, address: str) -> bool:
        """Take a place for a socket from `address`; False when there is none left."""
        if self._places.total() >= settings.SOCKETS_MAX:
            metrics.refused.labels("process").inc()
            return False
        if address and self._places[address] >= settings.SOCKETS_PER_ADDRESS:
            metrics.refused.labels("address").inc()
            return False
        self._places[address] += 1
        return True

    def leave(self, address: str) -> None:
        """Give the place back."""
        self._places[address] -= 1
        if self._places[address] <= 0:
            del self._places[address]


class Rate:
    """A token bucket for the handshakes of this process: ACCEPT_RATE a second, and one second's worth at once.

    A handshake costs some thirty times what it costs to write one message to a socket. After
    a restart next door thousands come in a moment, and whoever is here already, an editor's
    post among them, would wait behind all of them.
    """

    def __init__(self) -> None:
        self._tokens: float = settings.ACCEPT_RATE
        self._filled = time.monotonic()

    def take(self) -> bool:
        """Whether one more may come in now."""
        now = time.monotonic()
        gained = (now - self._filled) * settings.ACCEPT_RATE
        self._tokens, self._filled = min(settings.ACCEPT_RATE, self._tokens + gained), now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


def address_of(scope: dict[str, Any]) -> str:
    """The reader's address as text, as far as it is known; empty when many may stand behind it.

    Behind the proxies of TRUSTED_PROXIES it is the last address in X-Forwarded-For that
    is none of them. A private address is a proxy's or an office's, and counts for none.
    """
    address = _parse((scope.get("client") or ("",))[0])
    forwarded = b",".join(value for name, value in scope.get("headers", ()) if name == b"x-forwarded-for")
    for hop in reversed(forwarded.decode("latin-1").split(",")):
        if address is None or not any(address in network for network in settings.TRUSTED_PROXIES):
            break
        address = _parse(hop.strip()) or address
    return str(address) if address is not None and address.is_global else ""


def _parse(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
