"""What the views need of the app they run in, so that several apps can live in one process (tests do that)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from flask import current_app
from werkzeug.local import LocalProxy

from settings import Settings
from store import PromptStore
from streams import Streams

KEY = "promptbin"


@dataclass
class State:
    settings: Settings
    store: PromptStore
    streams: Streams
    started: float = field(default_factory=monotonic)
    checks: list[Callable[[], str | None]] = field(default_factory=list)
    """Asked by /health: each answers why the app is unhealthy, or None."""


state: State = LocalProxy(lambda: current_app.extensions[KEY])  # type: ignore[assignment]
