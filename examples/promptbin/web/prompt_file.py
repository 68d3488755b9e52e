"""One prompt as one JSON file: how it is spelled, read with distrust, and replaced whole."""

import hashlib
import json
import os
import re
import stat
import tempfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from prompt import ID_PATTERN, Draft, Prompt

# Far above what Draft lets through; a bigger file is not one of ours, and is not worth reading into memory.
MAX_BYTES = 1024 * 1024

# The spellings of a time that every program that writes here reads.
TIME_PATTERN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)

# What stat says about a file's content: while it stays the same, so does the content.
Stamp = tuple[int, int, int]


def encode(draft: Draft, created: str, updated: str) -> bytes:
    record = {**draft.fields(), "created": created, "updated": updated}
    return (json.dumps(record, ensure_ascii=False, indent=2) + "\n").encode()


def decode(prompt_id: str, content: bytes) -> Prompt:
    """Raises ValueError or RecursionError for anything that `encode` would not have written."""
    if not ID_PATTERN.fullmatch(prompt_id):
        raise ValueError("its name is not a prompt's id")
    # By itself it would take other encodings, and NaN, which other programs that read these files do not.
    record = json.loads(content.decode("utf-8-sig"), parse_constant=_refuse_constant)
    if not isinstance(record, dict):
        raise ValueError("it is not a JSON object")
    draft = Draft.parse(record)
    return Prompt(
        **vars(draft),
        id=prompt_id,
        created=_time(record.get("created")),
        updated=_time(record.get("updated")),
        version=hashlib.sha256(content).hexdigest()[:16],
    )


def read(path: Path) -> tuple[Stamp, bytes]:
    """The content, with the stamp of exactly this content. Raises OSError or ValueError."""
    # Non-blocking: opening a FIFO that somebody put here would otherwise hang the request.
    with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
            raise ValueError("it is not a regular file of a prompt's size")
        return stamp(status), file.read()


def stamp(status: os.stat_result) -> Stamp:
    return status.st_ino, status.st_size, status.st_mtime_ns


def replace(path: Path, content: bytes) -> None:
    """Readers see the old content or the new, after a crash as well."""
    # In the same folder, because a rename is atomic only inside one file system.
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    sync_directory(path.parent)


def remove(path: Path) -> None:
    path.unlink()
    sync_directory(path.parent)


def sync_directory(path: Path) -> None:
    """A rename or an unlink reaches the disk only with the directory that records it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _time(value: object) -> str:
    if not isinstance(value, str) or not TIME_PATTERN.fullmatch(value):
        raise ValueError("its times are not ISO 8601 with a zone")
    datetime.fromisoformat(value)
    return value


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")
