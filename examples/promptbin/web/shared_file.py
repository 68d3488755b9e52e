"""The JSON file that a manager shares with its processes; PROMPTBIN_CONFIG names it.

{"flask": {"port": 5000, …}, "logging": {"level": "INFO", …}, "runtime": {"mode": "managed", …}, …}
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass


class SharedFileError(ValueError):
    """Goes on where "the file, which" ends."""


@dataclass(frozen=True)
class SharedFile:
    path: str
    sections: Mapping[str, object]

    @classmethod
    def read(cls, path: str) -> "SharedFile":
        """Raises SharedFileError. It is replaced as a whole, so what is read at once belongs together."""
        try:
            with open(path, encoding="utf-8") as file:
                content = json.load(file)
        except OSError as error:
            raise SharedFileError(f"cannot be read: {error.strerror}") from None
        except json.JSONDecodeError as error:
            raise SharedFileError(f"is no JSON: line {error.lineno}, column {error.colno}: {error.msg}") from None
        except (UnicodeDecodeError, RecursionError):
            raise SharedFileError("is no JSON") from None
        if not isinstance(content, dict):
            raise SharedFileError("holds no object")
        return cls(path, content)

    def text(self, name: str) -> str | None:
        """The value of `section.key` as a text: a number or a boolean in JSON's own words."""
        section_name, key = name.split(".")
        section = self.sections.get(section_name)
        value = section.get(key) if isinstance(section, dict) else None
        if value is None or isinstance(value, str):
            return value
        return json.dumps(value)
