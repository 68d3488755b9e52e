"""Keeps other web sites out.

The app has no login and no cookies: whoever reaches the port is trusted. A browser reaches it on behalf of every site
that its user visits, so two checks stand between such a site and the prompts.
"""

from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request

from state import state

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "::1")

HEADERS = {
    # Everything comes from this origin, and no other page may frame a delete button.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    # Not "no-referrer": with that, browsers send "Origin: null" from our own forms.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def install(app: Flask) -> None:
    app.before_request(refuse_unknown_host)
    app.before_request(refuse_cross_origin_write)
    app.after_request(add_headers)


def refuse_unknown_host() -> None:
    """DNS rebinding: evil.example resolves to 127.0.0.1, which makes its pages same-origin with this server.

    Its name stays in the Host header. Flask's TRUSTED_HOSTS would do, but cannot express `[::1]`.
    """
    try:
        name = urlsplit(f"//{request.headers.get('Host', '')}").hostname
    except ValueError:
        name = None
    if name not in LOOPBACK_NAMES and name != state.settings.host.lower():
        abort(403, "This server answers only to its own name, not to the one in the Host header.")


def refuse_cross_origin_write() -> None:
    """Cross-site request forgery, without tokens: the browser itself says where a request comes from.

    Sec-Fetch-Site decides where it is sent, Origin in older browsers and over plain HTTP to other hosts. A page can
    suppress neither on a write; a client that sends neither is no browser, and has nothing to forge.
    """
    if request.method not in SAFE_METHODS:
        refuse_other_sites("A page of another site may not change prompts.")


def refuse_other_sites(why: str) -> None:
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    own = site in ("same-origin", "none") if site else origin in (None, request.host_url.rstrip("/"))
    if not own:
        abort(403, why)


def refuse_other_machines(why: str) -> None:
    """A request from this machine comes from its loopback address, or from the very address that it goes to."""
    sender = ip_address(request.remote_addr or "0.0.0.0")
    if isinstance(sender, IPv6Address):
        sender = sender.ipv4_mapped or sender
    if not sender.is_loopback and str(sender) != state.settings.host:
        abort(403, why)


def add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
