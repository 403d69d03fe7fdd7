"""What a log holds of a fault: which exception, and where it was raised; never a word of what it says.

An exception may repeat what a person typed: PostgreSQL's “Failing row contains (...)”, a field's “... is not valid”, a
value that was to be a number. So the message of an exception stands in no log, neither below a line nor within it.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any


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
        arguments = {key: _unsaid(value, key) for key, value in arguments.items()}
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
