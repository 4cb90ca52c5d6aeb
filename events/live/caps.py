"""How many sockets one process holds, in all and for one address, and how fast it lets them in.

Nobody is refused to read: whoever finds no place is closed with 4429, and polls; whoever
comes in a storm, or is one of very many without a place, is told when to come back.
"""

import ipaddress
import time
from collections import Counter, OrderedDict
from typing import Any

from django.conf import settings

from events.live import metrics

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

#: The part of ACCEPT_RATE that one address has: 30 a second of 600.
ADDRESS_SHARE = 0.05
#: Addresses that are remembered; beyond it those that came longest ago are forgotten, and have their share anew.
ADDRESSES = 10_000


class Caps:
    """Counts the sockets of this process."""

    def __init__(self) -> None:
        self._places: Counter[str] = Counter()
        # Of all addresses: to add them up at each handshake would cost with their number.
        self._taken = 0

    def enter(self, address: str) -> bool:
        """Take a place for a socket from `address`; False when there is none left."""
        if self._taken >= settings.SOCKETS_MAX:
            metrics.refused.labels("process").inc()
            return False
        if address and self._places[address] >= settings.SOCKETS_PER_ADDRESS:
            metrics.refused.labels("address").inc()
            return False
        self._places[address] += 1
        self._taken += 1
        return True

    def leave(self, address: str) -> None:
        """Give the place back."""
        self._taken -= 1
        self._places[address] -= 1
        if self._places[address] <= 0:
            del self._places[address]


class Rate:
    """A token bucket for the handshakes of this process: ACCEPT_RATE a second, and one second's worth at once.

    With `share` it is that part of it, and at least one a second; with `at_once` so many may come in a moment.

    A handshake costs some thirty times what it costs to write one message to a socket. After
    a restart next door thousands come in a moment, and whoever is here already, an editor's
    post among them, would wait behind all of them.
    """

    def __init__(self, share: float = 1.0, at_once: int = 0) -> None:
        self._share, self._at_once = share, at_once
        self._tokens = self._most()
        self._filled = time.monotonic()

    def _a_second(self) -> float:
        return max(1.0, settings.ACCEPT_RATE * self._share)

    def _most(self) -> float:
        return max(self._a_second(), self._at_once)

    def take(self) -> bool:
        """Whether one more may come in now."""
        now = time.monotonic()
        filled = self._tokens + (now - self._filled) * self._a_second()
        self._tokens, self._filled = min(self._most(), filled), now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class AddressRates:
    """A bucket for each address, so that whoever comes and goes all the time uses up nobody's rate but their own.

    As many at once as an address has places: an office, or a carrier's many phones behind one
    address, come back together after a restart. What has no address has no bucket.
    """

    def __init__(self) -> None:
        self._rates: OrderedDict[str, Rate] = OrderedDict()

    def take(self, address: str) -> bool:
        """Whether one more may come in now from `address`, as `address_of` gives it."""
        if not address:
            return True
        rate = self._rates.get(address)
        if rate is None:
            rate = self._rates[address] = Rate(ADDRESS_SHARE, settings.SOCKETS_PER_ADDRESS)
            if len(self._rates) > ADDRESSES:
                self._rates.popitem(last=False)
        else:
            self._rates.move_to_end(address)
        if rate.take():
            return True
        metrics.refused.labels("address").inc()
        return False


def address_of(scope: dict[str, Any]) -> str:
    """The reader's address as text, as far as it is known; empty when many may stand behind it.

    A private address is a proxy's or an office's, and counts for none. Of IPv6 it is the
    /64: that is the least that a household is given (RFC 6177), each of its addresses to be
    had for the asking.
    """
    address = client_of(scope)
    if address is None or not address.is_global:
        return ""
    return str(address) if address.version == 4 else str(ipaddress.ip_network((address, 64), strict=False))


def client_of(scope: dict[str, Any]) -> Address | None:
    """Who asks, from `client` and `headers` of an ASGI scope; None where that is no address.

    Behind the proxies of TRUSTED_PROXIES it is the last address in X-Forwarded-For that
    is none of them. At a hop that cannot be read we stop: what stands before it, anybody may
    have written.
    """
    address = _parse((scope.get("client") or ("",))[0])
    forwarded = b",".join(value for name, value in scope.get("headers", ()) if name == b"x-forwarded-for")
    for hop in reversed(forwarded.decode("latin-1").split(",")):
        if address is None or not any(address in network for network in settings.TRUSTED_PROXIES):
            break
        before = _parse(hop.strip())
        if before is None:
            break
        address = before
    return address


def _parse(text: str) -> Address | None:
    """An address; of an IPv4 address in IPv6 clothes (RFC 4291, 2.5.5.2) the IPv4 address. None when it is none."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
