"""The person at the terminal: asked for a password, which no argument and no pipe hands in, and free to end it all.

Or to read no further: what a command does does not hang on whether somebody reads what it says.
"""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

INTERRUPTED = 130  # 128 and the number of the signal, as shells have it


def password(prompt: str) -> str:
    """Ask for a password. Raises CommandError where the person ends it with Ctrl-C, or types none with Ctrl-D."""
    try:
        with interruptible(_("Interrupted; nothing was written.")):
            return getpass.getpass(prompt)
    except EOFError:
        sys.stderr.write("\n")
        raise CommandError(_("No password was typed; nothing was written.")) from None


@contextmanager
def interruptible(said: str) -> Iterator[None]:
    """End with `said` and the code that shells know, where the person ends it with Ctrl-C."""
    try:
        yield
    except KeyboardInterrupt:
        sys.stderr.write("\n")  # below the prompt, or what was last told
        raise CommandError(said, returncode=INTERRUPTED) from None


class Outliving:
    """A stream of this process whose reader may leave (`| head`): what is said then goes nowhere, and work goes on."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write `text`, to nowhere from the first on that nobody is there to read."""
        try:
            self._stream.write(text)
        except BrokenPipeError:
            self._to_nowhere()
        return len(text)

    def flush(self) -> None:
        """Hand on what was written."""
        try:
            self._stream.flush()
        except BrokenPipeError:
            self._to_nowhere()

    def _to_nowhere(self) -> None:
        """What the stream still holds goes there too: flushed at the end of the process, it would fail once more."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._stream.fileno())
        os.close(nowhere)


def outlive_the_reader() -> None:
    """Let this process end its work and well though nobody reads its output any more."""
    sys.stdout = cast(TextIO, Outliving(sys.stdout))
    sys.stderr = cast(TextIO, Outliving(sys.stderr))
