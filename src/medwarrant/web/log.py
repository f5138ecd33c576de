"""What the server writes down: defects and trouble, by type, route and place; never what was asked or answered.

No request is logged. What a library logs with an exception is cut to the exception's type and place, because messages
of databases and parsers quote what they were given.
"""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime

from .problems import place_of


class PlainFormatter(logging.Formatter):
    """One line for each entry: when, how grave, what; of an exception its type and place alone."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds")
        line = f"{at} {record.levelname.lower()} {record.name}: {record.getMessage()}"
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            line = f"{line.splitlines()[0]} ({type(error).__name__} at {place_of(error)})"
        return line


def log_to_standard_error() -> None:
    """Send what is worth a warning to standard error, and nothing else."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(PlainFormatter())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
