"""The liveblog project: settings, addresses, the server."""

__version__ = "0.1.0"
