"""What the app is told, read once and checked: a bad value is one sentence, never a traceback.

Three sources, the first one wins: PROMPTBIN_* variables (and PORT), the file that PROMPTBIN_CONFIG names, the defaults.
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shared_file import SharedFile, SharedFileError

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
LOG_FORMATS = ("text", "json")

DEFAULT_PORT = 5000
# How long a stopping server waits for the requests it has begun. Both servers use it; a manager's own grace
# period decides when it is shorter.
GRACEFUL_TIMEOUT_SECONDS = 30


class SettingsError(ValueError):
    """A value that cannot be used, in a sentence for the person who set it."""


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
    debug: bool = False
    log_format: str = "text"

    @property
    def managed(self) -> bool:
        return self.mode != "standalone"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read the variables and the file; an empty variable counts as unset. Raises SettingsError."""
        default = cls()
        values = _Values(environ)
        data_dir = values.text("PROMPTBIN_DATA_DIR", "runtime.data_dir")
        return cls(
            host=values.text("PROMPTBIN_HOST", "flask.host") or default.host,
            # PORT is the name every platform knows; the app's own variable wins so that both may be set.
            port=values.integer("PROMPTBIN_PORT", "PORT", "flask.port", maximum=65535),
            mode=values.choice("PROMPTBIN_MODE", "runtime.mode", among=_same(MODES)) or default.mode,
            data_dir=Path(data_dir).absolute() if data_dir else default.data_dir,
            log_level=values.choice("PROMPTBIN_LOG_LEVEL", "logging.level", among=LOG_LEVELS) or default.log_level,
            process=values.text("PROMPTBIN_PROCESS"),
            run=values.integer("PROMPTBIN_RUN", minimum=0),
            manager_pid=values.integer("PROMPTBIN_MANAGER_PID", "runtime.manager_pid"),
            test_routes=values.switch("PROMPTBIN_TEST_ROUTES"),
            debug=values.switch("PROMPTBIN_DEBUG", "flask.debug"),
            log_format=values.choice("PROMPTBIN_LOG_FORMAT", "logging.format", among=_same(LOG_FORMATS))
            or default.log_format,
        )


def settings_or_exit() -> Settings:
    """For entry points: the settings, or one sentence on stderr and exit code 2."""
    try:
        return Settings.from_environment()
    except SettingsError as error:
        print(f"promptbin: {error}", file=sys.stderr)
        raise SystemExit(2) from None


class _Values:
    """Texts by their names: `PORT` is a variable, `flask.port` a key of the file. The first that is set counts."""

    def __init__(self, environ: Mapping[str, str]):
        self._environ = environ
        path = environ.get("PROMPTBIN_CONFIG")
        try:
            self._file = SharedFile.read(path) if path else None
        except SharedFileError as error:
            raise SettingsError(f"PROMPTBIN_CONFIG names {path}, which {error}.") from None

    def text(self, *names: str) -> str | None:
        return self._find(names)[1]

    def integer(self, *names: str, minimum: int = 1, maximum: int | None = None) -> int | None:
        name, text = self._find(names)
        if text is None:
            return None
        # isdecimal alone accepts the digits of every script, and int() accepts "1_000" and " 5".
        number = int(text) if text.isascii() and text.isdecimal() and len(text) <= 10 else None
        if number is None or number < minimum or (maximum is not None and number > maximum):
            limits = f"from {minimum} to {maximum}" if maximum else f"of {minimum} or more"
            raise SettingsError(f"{name} must be a whole number {limits}, not {text!r}.")
        return number

    def choice(self, *names: str, among: Mapping[str, str]) -> str | None:
        name, text = self._find(names)
        if text is None:
            return None
        try:
            return among[text.lower()]
        except KeyError:
            raise SettingsError(f"{name} must be one of {', '.join(among)}, not {text!r}.") from None

    def switch(self, *names: str) -> bool:
        # The file's true and false arrive as such texts.
        return self.choice(*names, among={"0": "", "1": "on", "false": "", "true": "on"}) == "on"

    def _find(self, names: tuple[str, ...]) -> tuple[str, str | None]:
        """The value, and how to call it in a sentence."""
        for name in names:
            if "." not in name:
                text, label = self._environ.get(name), name
            else:
                text, label = (self._file.text(name), f"{name} in {self._file.path}") if self._file else (None, name)
            if text:
                return label, text
        return names[0], None


def _same(names: tuple[str, ...]) -> Mapping[str, str]:
    return {name: name for name in names}
