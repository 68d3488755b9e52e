"""The server of `python app.py`: Werkzeug's, plus a stop that finishes what has begun."""

import errno
import logging
import signal
import socket
import threading
from contextlib import suppress
from time import monotonic

from flask import Flask
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from settings import DEFAULT_PORT, GRACEFUL_TIMEOUT_SECONDS
from state import KEY

PORTS_TO_TRY = 100
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)

log = logging.getLogger("promptbin.server")


class Handler(WSGIRequestHandler):
    """Tells the server when a connection is between two requests, and so may be closed."""

    server: "GracefulServer"

    def handle_one_request(self) -> None:
        self.server.mark_idle(self.connection)
        super().handle_one_request()

    def parse_request(self) -> bool:
        # Called as soon as a request line has arrived.
        self.server.mark_busy(self.connection)
        return super().parse_request()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        if self.path != "/health":
            log.info("%s %s %s", self.command, self.path, getattr(code, "value", code))


class GracefulServer(ThreadedWSGIServer):
    # `drain` waits for the threads that matter; a stuck one must not keep the interpreter alive.
    daemon_threads = True

    def __init__(self, listener: socket.socket, app: Flask):
        host, port = listener.getsockname()[:2]
        self._idle: set[socket.socket] = set()
        self._open: set[socket.socket] = set()
        self._changed = threading.Condition()
        self._stopping = False
        # A stream is a request that never ends by itself.
        app.extensions[KEY].streams.is_over = lambda: self._stopping
        super().__init__(host, port, app, Handler, fd=listener.fileno())
        # The server has a duplicate; with this one open, clients could still connect while the server drains.
        listener.close()

    def process_request(self, request: socket.socket, client_address: object) -> None:
        with self._changed:
            self._open.add(request)
            self._idle.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket) -> None:
        super().shutdown_request(request)
        with self._changed:
            self._open.discard(request)
            self._idle.discard(request)
            self._changed.notify_all()

    def mark_idle(self, connection: socket.socket) -> None:
        with self._changed:
            self._idle.add(connection)
            if self._stopping:
                _stop_reading(connection)

    def mark_busy(self, connection: socket.socket) -> None:
        with self._changed:
            self._idle.discard(connection)

    def drain(self, timeout: float) -> int:
        """Accept nothing more and wait for running requests. Returns how many were still running at the end."""
        self.shutdown()
        with self._changed:
            self._stopping = True
            for connection in self._idle:
                _stop_reading(connection)
            self._changed.wait_for(lambda: not self._open, timeout)
            return len(self._open)


def serve(app: Flask, listener: socket.socket) -> int:
    """Serve until SIGINT or SIGTERM; a second signal ends at once. Returns the exit code."""
    server = GracefulServer(listener, app)
    # Blocked here and in every thread started from here, and fetched by sigwait: no handler runs in the middle of
    # something else.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
    received = signal.sigwait(STOP_SIGNALS)
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)

    began = monotonic()
    unfinished = server.drain(GRACEFUL_TIMEOUT_SECONDS)
    if unfinished:
        log.error("stopped with %d requests unfinished after %d s", unfinished, GRACEFUL_TIMEOUT_SECONDS)
        return 1
    log.info("stopped by %s in %.1f s", signal.Signals(received).name, monotonic() - began)
    return 0


def listen(host: str, port: int | None) -> socket.socket:
    """A listening socket on the given port, or on the first free one from 5000 on. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    last_to_try = port or DEFAULT_PORT + PORTS_TO_TRY - 1
    for candidate in range(port or DEFAULT_PORT, last_to_try + 1):
        try:
            return socket.create_server((host, candidate), family=family, backlog=128)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or candidate == last_to_try:
                raise
    raise AssertionError("unreachable")


def _stop_reading(connection: socket.socket) -> None:
    """Ends a wait for the next request as if the client had hung up; a request that has arrived is still read."""
    with suppress(OSError):  # the client was faster
        connection.shutdown(socket.SHUT_RD)
