"""What open pages follow: a stream of server-sent events that says when prompts have changed, whoever changed them."""

import threading
from collections.abc import Callable, Iterator
from time import monotonic

# Each holds a thread of the server for as long as its page is open; gunicorn.conf.py gives a worker eight.
STREAMS_MAX = 4
# Nobody need tell that prompts have changed: it is seen within this time. In other workers it is seen only so.
LOOK_SECONDS = 1.0
# How long a stop of the server may be kept waiting.
NOD_SECONDS = 0.25


class Streams:
    def __init__(self, look: Callable[[], object]):
        self.is_over: Callable[[], bool] = lambda: False
        """Whether the server is stopping; whoever runs the app says so."""
        self._look = look
        self._changed = threading.Condition()
        self._seen: object = None
        self._seen_at = float("-inf")
        self._free = STREAMS_MAX

    def take(self) -> bool:
        """Take one of the few places, which has to be given back; False when there is none."""
        with self._changed:
            if self._free == 0:
                return False
            self._free -= 1
            return True

    def give_back(self) -> None:
        with self._changed:
            self._free += 1

    def wake(self) -> None:
        """Prompts may have changed: every stream looks now. When they have not, no page hears of it."""
        with self._changed:
            self._seen_at = float("-inf")
            self._changed.notify_all()

    def events(self) -> Iterator[str]:
        told = self._state()
        # A page that has lost its stream asks again after this time, ms.
        yield "retry: 2000\n\n"
        spoken_at = monotonic()
        while not self.is_over():
            with self._changed:
                self._changed.wait(NOD_SECONDS)
            if (state := self._state()) != told:
                told, spoken_at = state, monotonic()
                yield "event: prompts\ndata: changed\n\n"
            elif monotonic() - spoken_at >= LOOK_SECONDS:
                # That a page has gone is noticed by writing to it, and its place is free again.
                spoken_at = monotonic()
                yield ":\n\n"

    def _state(self) -> object:
        """One look serves all streams."""
        with self._changed:
            if monotonic() - self._seen_at >= LOOK_SECONDS:
                self._seen, self._seen_at = self._look(), monotonic()
            return self._seen
