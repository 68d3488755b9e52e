"""The prompts of one data directory, safe to share with other processes and with an editor.

Readers take no lock, because a file is only ever replaced whole. Writers take `<data dir>/prompts.lock`, so that
"compare the version, then write" is one step for everybody who uses the same lock.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import SoftFileLock, Timeout

import prompt_file
from prompt import ID_PATTERN, Draft, Prompt, new_id

LOCK_TIMEOUT_SECONDS = 10
# The temporary files of our own writers, and of promptbin's.
LEFTOVERS = (".*.tmp", ".promptbin-*~")

log = logging.getLogger("promptbin.store")


class NotFound(LookupError):
    """No readable prompt has this id."""


class Conflict(Exception):
    """The prompt was changed after the caller read it."""

    def __init__(self, current: Prompt):
        super().__init__(f"{current.id} is at version {current.version}")
        self.current = current


class Unavailable(Exception):
    """The data directory cannot be used now; the text says why."""


@dataclass(frozen=True)
class Shelf:
    """What one look at the directory found: the newest prompt first, and the names of unreadable files."""

    prompts: list[Prompt]
    skipped: list[str]


class PromptStore:
    def __init__(self, data_dir: Path):
        self.data_dir = data_dir
        self._lock_path = data_dir / "prompts.lock"
        # None stands for a corrupt file. Parsing, and the warning, happen once for each content of a file.
        self._known: dict[Path, tuple[prompt_file.Stamp, Prompt | None]] = {}

    def prepare(self) -> None:
        """Make the directory and remove what a killed writer left. A failure is logged: /health then tells."""
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
            with self._exclusive():
                for pattern in LEFTOVERS:
                    for leftover in self.data_dir.glob(pattern):
                        leftover.unlink(missing_ok=True)
        except (OSError, Unavailable) as error:
            log.error("the data directory %s is not usable yet: %s", self.data_dir, error)

    def problem(self) -> str | None:
        """Why the directory cannot be used, or None. Cheap enough for every health check."""
        if not self.data_dir.is_dir():
            return f"The data directory {self.data_dir} is missing or is not a directory."
        if not os.access(self.data_dir, os.R_OK | os.W_OK | os.X_OK):
            return f"The data directory {self.data_dir} is not readable and writable."
        return None

    def shelf(self) -> Shelf:
        try:
            paths = [path for path in self.data_dir.iterdir() if _is_prompt(path.name)]
        except OSError as error:
            raise Unavailable(f"The data directory cannot be read: {error.strerror}.") from error
        prompts, skipped = [], []
        for path in paths:
            try:
                prompt = self._read(path)
            except FileNotFoundError:  # deleted since the directory was listed
                continue
            if prompt:
                prompts.append(prompt)
            else:
                skipped.append(path.name)
        for gone in set(self._known) - set(paths):
            self._known.pop(gone, None)
        prompts.sort(key=lambda prompt: (prompt.updated, prompt.id), reverse=True)
        return Shelf(prompts, sorted(skipped))

    def stamps(self) -> frozenset[tuple[str, prompt_file.Stamp]]:
        """Equal as long as no file comes, goes or changes; nothing is read. Empty when the directory is not there."""
        found = set()
        with suppress(OSError), os.scandir(self.data_dir) as entries:
            for entry in entries:
                if _is_prompt(entry.name):
                    with suppress(FileNotFoundError):  # deleted since the directory was listed
                        found.add((entry.name, prompt_file.stamp(entry.stat())))
        return frozenset(found)

    def get(self, prompt_id: str) -> Prompt:
        # Checked before a path is made of it: nothing outside the directory can be named.
        if not ID_PATTERN.fullmatch(prompt_id):
            raise NotFound(prompt_id)
        try:
            prompt = self._read(self._path(prompt_id))
        except FileNotFoundError:
            raise NotFound(prompt_id) from None
        if prompt is None:
            raise NotFound(prompt_id)
        return prompt

    def create(self, draft: Draft) -> Prompt:
        with self._exclusive():
            now = _now()
            return self._write(new_id(draft.title), draft, created=now, updated=now)

    def update(self, prompt_id: str, draft: Draft, expected: str | None) -> Prompt:
        """Replace the fields. `expected` is the version the caller has seen, or None to overwrite any."""
        with self._exclusive():
            current = self._expect(prompt_id, expected)
            return self._write(prompt_id, draft, created=current.created, updated=_now())

    def delete(self, prompt_id: str, expected: str | None) -> None:
        with self._exclusive():
            self._expect(prompt_id, expected)
            prompt_file.remove(self._path(prompt_id))

    @contextmanager
    def _exclusive(self) -> Iterator[None]:
        # filelock would create a missing directory, and so hide that a volume has gone away with all prompts.
        if problem := self.problem():
            raise Unavailable(problem)
        try:
            with SoftFileLock(self._lock_path, timeout=LOCK_TIMEOUT_SECONDS, poll_interval=0.02):
                yield
        except Timeout:
            raise Unavailable(f"Another program has held {self._lock_path.name} for too long.") from None
        except OSError as error:
            raise Unavailable(f"The data directory cannot be written: {error.strerror}.") from error

    def _expect(self, prompt_id: str, expected: str | None) -> Prompt:
        current = self.get(prompt_id)
        if expected is not None and expected != current.version:
            raise Conflict(current)
        return current

    def _path(self, prompt_id: str) -> Path:
        return self.data_dir / f"{prompt_id}.json"

    def _read(self, path: Path) -> Prompt | None:
        known = self._known.get(path)
        now = prompt_file.stamp(path.stat())
        if known and known[0] == now:
            return known[1]
        try:
            now, content = prompt_file.read(path)
            prompt = prompt_file.decode(path.stem, content)
        except FileNotFoundError:
            raise
        except (OSError, ValueError, RecursionError) as error:
            log.warning("skipped %r: %s", path.name, error)
            prompt = None
        self._known[path] = (now, prompt)
        return prompt

    def _write(self, prompt_id: str, draft: Draft, *, created: str, updated: str) -> Prompt:
        content = prompt_file.encode(draft, created, updated)
        prompt_file.replace(self._path(prompt_id), content)
        return prompt_file.decode(prompt_id, content)


def _is_prompt(name: str) -> bool:
    """Dot files are the temporary files of writers."""
    return name.endswith(".json") and not name.startswith(".")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
