"""How log lines look: text for people, or one JSON object a line for machines."""

import json
import logging
from datetime import UTC, datetime

from settings import Settings

TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        # ASCII only: whatever a request brings, it stays one line.
        return json.dumps(line)


def configure(settings: Settings) -> None:
    """Sets up logging once; later calls only set the level."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if settings.log_format == "json" else logging.Formatter(TEXT))
    logging.basicConfig(handlers=[handler])
    logging.getLogger("promptbin").setLevel(settings.log_level)
