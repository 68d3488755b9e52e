"""What a prompt is: its fields, their limits, and how to search a pile of them. No files, no HTTP."""

import re
import secrets
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

TITLE_MAX = 200
BODY_MAX = 100_000
CATEGORY_MAX = 60
TAG_MAX = 40
TAGS_MAX = 20

# The id is also the file's name: no dots, no slashes, nothing a file system or a URL gives a meaning to.
ID_PATTERN = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")


class Invalid(ValueError):
    """Fields that cannot be saved: one sentence for each, by field name."""

    def __init__(self, fields: Mapping[str, str]):
        super().__init__(" ".join(fields.values()))
        self.fields = dict(fields)


@dataclass(frozen=True)
class Draft:
    """The fields that people write."""

    title: str
    body: str
    category: str = ""
    tags: tuple[str, ...] = ()

    @classmethod
    def parse(cls, fields: Mapping[str, object]) -> "Draft":
        """Clean up and check untrusted fields. Raises Invalid with every problem, not only the first."""
        problems: dict[str, str] = {}
        title = _line(fields.get("title", ""), "title", "The title", TITLE_MAX, problems)
        body = _text(fields.get("body", ""), "body", "The text", problems)
        category = _line(fields.get("category", ""), "category", "The category", CATEGORY_MAX, problems)
        tags = _tags(fields.get("tags", []), problems)
        if not title:
            problems.setdefault("title", "A title is required.")
        if not body.strip():
            problems.setdefault("body", "The text is required.")
        if problems:
            raise Invalid(problems)
        return cls(title, body, category, tags)

    def fields(self) -> dict[str, object]:
        return {"title": self.title, "body": self.body, "category": self.category, "tags": list(self.tags)}


@dataclass(frozen=True, kw_only=True)
class Prompt(Draft):
    """A saved prompt. `version` is a fingerprint of its file, so an edit by any program changes it."""

    id: str
    created: str
    updated: str
    version: str

    def as_json(self) -> dict[str, object]:
        return {
            "id": self.id,
            **self.fields(),
            "created": self.created,
            "updated": self.updated,
            "version": self.version,
        }


def new_id(title: str) -> str:
    """A readable id that nobody has to check for being taken: a slug and 32 random bits."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain)[:40].strip("-")
    return f"{slug or 'prompt'}-{secrets.token_hex(4)}"


def search(prompts: Iterable[Prompt], query: str = "", tag: str = "", category: str = "") -> list[Prompt]:
    """The prompts that hold every word of the query somewhere and carry the tag and category exactly."""
    words = query.casefold().split()

    def matches(prompt: Prompt) -> bool:
        if tag and tag.casefold() not in (own.casefold() for own in prompt.tags):
            return False
        if category and category.casefold() != prompt.category.casefold():
            return False
        text = "\n".join((prompt.title, prompt.body, prompt.category, *prompt.tags)).casefold()
        return all(word in text for word in words)

    return [prompt for prompt in prompts if matches(prompt)]


def _text(value: object, field: str, label: str, problems: dict[str, str]) -> str:
    if not isinstance(value, str):
        problems[field] = f"{label} must be a string."
        return ""
    try:
        value.encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which JSON can spell and UTF-8 cannot
        problems[field] = f"{label} holds characters that are not valid Unicode."
        return ""
    if len(value) > BODY_MAX:
        problems[field] = f"{label} is longer than {BODY_MAX:,} characters."
    # Forms send CRLF whatever the person typed on; one convention keeps search and copies the same everywhere.
    return value.replace("\r\n", "\n").replace("\r", "\n")


def _line(value: object, field: str, label: str, longest: int, problems: dict[str, str]) -> str:
    line = " ".join(_text(value, field, label, problems).split())
    if len(line) > longest:
        problems.setdefault(field, f"{label} is longer than {longest} characters.")
    if any(unicodedata.category(character) == "Cc" for character in line):
        problems.setdefault(field, f"{label} holds control characters.")
    return line


def _tags(value: object, problems: dict[str, str]) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        problems["tags"] = "The tags must be a list of strings."
        return ()
    found: dict[str, str] = {}
    for item in value:
        tag = _line(item, "tags", "A tag", TAG_MAX, problems)
        if "," in tag:
            problems.setdefault("tags", "A tag cannot hold a comma.")
        if tag:
            found.setdefault(tag.casefold(), tag)
    if len(found) > TAGS_MAX:
        problems.setdefault("tags", f"At most {TAGS_MAX} tags are kept for a prompt.")
    return tuple(found.values())
