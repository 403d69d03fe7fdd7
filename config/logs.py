"""What a log holds of a fault: which exception, and where it was raised; never a word of what it says.

An exception may repeat what a person typed: PostgreSQL's “Failing row contains (...)”, a field's “... is not valid”, a
value that was to be a number. So the message of an exception stands in no log, neither below a line nor within it.

A log is lines for people, or one JSON object a line for whatever collects them (LOG_FORMAT: line, json).
"""

from __future__ import annotations

import copy
import json
import logging
import re
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

LINE = "%(asctime)s %(levelname)s %(name)s %(message)s"
INSTANT = "%Y-%m-%dT%H:%M:%S%z"
UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class WordlessFormatter(logging.Formatter):
    """Writes exceptions as their types with the frames they came through, file, line and function."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the line; what another handler wrote of the exception is not taken over."""
        written, record.exc_text = record.exc_text, None
        try:
            return super().format(record)
        finally:
            record.exc_text = written

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """Write the line itself, with the type of an exception where its words would stand."""
        record.message = _without_words(record)
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        """Write the exceptions, causes first, each below its frames."""
        return "\n".join(line for error, frames in _chain(ei) for line in (*_told(frames), name_of(type(error))))


class JsonFormatter(WordlessFormatter):
    """Writes a record as one JSON object on one line, ASCII alone: no sign within it can begin a line or turn one.

    Keys: time (UTC), level, logger, event, process; of a fault `errors`, causes first, each with type and frames; of a
    task its `task` and `task_id`; of an answer its `status`. Whatever else a record bears is left out.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Write the object."""
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": _without_words(record),
            "process": record.process,
            **_ids(record),
        }
        if record.exc_info and record.exc_info[1]:
            told["errors"] = [
                {"type": name_of(type(error)), "frames": [line.strip() for line in _told(frames)]}
                for error, frames in _chain(record.exc_info)
            ]
        return json.dumps(told)


FORMATTERS: dict[str, type[WordlessFormatter]] = {"line": WordlessFormatter, "json": JsonFormatter}


def formatter(written_as: str) -> WordlessFormatter:
    """Return the formatter of a log that is `written_as` lines or JSON. Raises ValueError for anything else."""
    if written_as not in FORMATTERS:
        raise ValueError(f"LOG_FORMAT is line or json, not {written_as}.")
    return FORMATTERS[written_as](LINE, INSTANT)


def name_of(kind: type) -> str:
    """The name of an exception's type, with its module unless everybody knows it."""
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _chain(ei: Any) -> Iterator[tuple[BaseException, Any]]:
    """Yield each exception of the chain that led here, with its traceback: causes first, of a group its members."""
    _kind, error, frames = ei
    seen: list[tuple[BaseException, TracebackType | None]] = []
    waiting = [(error, frames)]
    while waiting:
        error, frames = waiting.pop()
        if error is None or any(error is other for other, _frames in seen):
            continue
        seen.append((error, frames))
        before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        waiting += [(other, other.__traceback__) for other in (before, *getattr(error, "exceptions", ())) if other]
    yield from reversed(seen)


def _told(frames: Any) -> list[str]:
    """A line for each frame. Celery hands over stand-ins for frames, which have no more than this."""
    return [
        f'  File "{frame.f_code.co_filename}", line {line}, in {frame.f_code.co_name}'
        for frame, line in traceback.walk_tb(frames)
    ]


def _without_words(record: logging.LogRecord) -> str:
    """The message of `record` without what any exception in it says."""
    arguments = record.args
    if isinstance(arguments, dict):
        arguments = copy.copy(arguments)  # gunicorn's know what to say of what is not there
        arguments.update({key: _unsaid(value, key) for key, value in arguments.items()})
    elif arguments:
        arguments = tuple(_unsaid(value) for value in arguments)
    message = str(record.msg) % arguments if arguments else _unsaid(record.msg)
    for error, _frames in _chain(record.exc_info) if record.exc_info and record.exc_info[1] else ():
        for words in (repr(error), str(error)):
            if words:
                message = message.replace(words, name_of(type(error)))
    return str(message)


def _unsaid(value: Any, key: str = "") -> Any:
    """The value, an exception as its type. Celery hands over the exceptions of tasks already written out."""
    if isinstance(value, BaseException):
        return name_of(type(value))
    if key == "exc":
        return str(value).partition("(")[0]
    return "" if key == "traceback" else value


def _ids(record: logging.LogRecord) -> dict[str, Any]:
    """What a record bears beside its message that says which task or answer it is of: numbers and names in code."""
    found: dict[str, Any] = {}
    status = getattr(record, "status_code", None)
    if isinstance(status, int):
        found["status"] = status
    arguments = record.args if isinstance(record.args, dict) else {}
    name, task_id = str(arguments.get("name")), str(arguments.get("id"))
    if "." in name and name.replace(".", "_").isidentifier():
        found["task"] = name
    if UUID.fullmatch(task_id):
        found["task_id"] = task_id
    return found
