"""Structured logs: one JSON line an event, without personal data."""

import json
import logging
import re

_RECEIPT = re.compile(r"(/open/matters/)[\w-]+")
_ROW = re.compile(r"(DETAIL:|Failing row|Key \().*")


class JsonFormatter(logging.Formatter):
    """Level, logger, message and, for errors, the traceback. Request bodies and field values are never logged."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": _without_secrets(record.getMessage()),
        }
        if record.exc_info:
            line["error"] = _without_secrets(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def _without_secrets(text: str) -> str:
    """A receipt code opens a matter, and a database names the row it refuses: neither belongs into a log."""
    return _ROW.sub(r"\1…", _RECEIPT.sub(r"\1…", text))
