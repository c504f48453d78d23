"""Structured logs: one JSON line an event, without personal data."""

import json
import logging


class JsonFormatter(logging.Formatter):
    """Level, logger, message and, for errors, the traceback. Request bodies and field values are never logged."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
