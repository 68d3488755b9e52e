"""The environment, read once and checked: a bad value is one sentence, never a traceback."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent

MODES = ("standalone", "managed", "mcp-managed")
# Python's levels, and the names that managers written for pino use for the same thing.
LOG_LEVELS = {
    "trace": "DEBUG",
    "debug": "DEBUG",
    "info": "INFO",
    "warn": "WARNING",
    "warning": "WARNING",
    "error": "ERROR",
    "fatal": "CRITICAL",
    "critical": "CRITICAL",
}

DEFAULT_PORT = 5000
# How long a stopping server waits for the requests it has begun. Both servers use it; a manager's own grace
# period decides when it is shorter.
GRACEFUL_TIMEOUT_SECONDS = 30


class SettingsError(ValueError):
    """An environment variable that cannot be used, in a sentence for the person who set it."""


@dataclass(frozen=True)
class Settings:
    host: str = "127.0.0.1"
    port: int | None = None
    """None: nobody chose one, so the standalone server may look for a free port."""
    mode: str = "standalone"
    data_dir: Path = HERE / "data"
    log_level: str = "INFO"
    process: str | None = None
    run: int | None = None
    manager_pid: int | None = None
    test_routes: bool = False

    @property
    def managed(self) -> bool:
        return self.mode != "standalone"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read `PROMPTBIN_*` and `PORT`; an empty variable counts as unset. Raises SettingsError."""
        default = cls()
        # PORT is the name every platform knows; the app's own variable wins so that both may be set.
        port_name = "PROMPTBIN_PORT" if environ.get("PROMPTBIN_PORT") else "PORT"
        data_dir = environ.get("PROMPTBIN_DATA_DIR")
        return cls(
            host=environ.get("PROMPTBIN_HOST") or default.host,
            port=_integer(environ, port_name, maximum=65535),
            mode=_choice(environ, "PROMPTBIN_MODE", {mode: mode for mode in MODES}) or default.mode,
            data_dir=Path(data_dir).absolute() if data_dir else default.data_dir,
            log_level=_choice(environ, "PROMPTBIN_LOG_LEVEL", LOG_LEVELS) or default.log_level,
            process=environ.get("PROMPTBIN_PROCESS") or None,
            run=_integer(environ, "PROMPTBIN_RUN", minimum=0),
            manager_pid=_integer(environ, "PROMPTBIN_MANAGER_PID"),
            test_routes=_choice(environ, "PROMPTBIN_TEST_ROUTES", {"0": "", "1": "on"}) == "on",
        )


def settings_or_exit() -> Settings:
    """For entry points: the settings, or one sentence on stderr and exit code 2."""
    try:
        return Settings.from_environment()
    except SettingsError as error:
        print(f"promptbin: {error}", file=sys.stderr)
        raise SystemExit(2) from None


def _integer(environ: Mapping[str, str], name: str, minimum: int = 1, maximum: int | None = None) -> int | None:
    text = environ.get(name)
    if not text:
        return None
    # isdecimal alone accepts the digits of every script, and int() accepts "1_000" and " 5".
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= 10 else None
    if number is None or number < minimum or (maximum is not None and number > maximum):
        limits = f"from {minimum} to {maximum}" if maximum else f"of {minimum} or more"
        raise SettingsError(f"{name} must be a whole number {limits}, not {text!r}.")
    return number


def _choice(environ: Mapping[str, str], name: str, choices: Mapping[str, str]) -> str | None:
    text = environ.get(name)
    if not text:
        return None
    try:
        return choices[text.lower()]
    except KeyError:
        raise SettingsError(f"{name} must be one of {', '.join(choices)}, not {text!r}.") from None
