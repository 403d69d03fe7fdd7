"""The person at the terminal: asked for a password, which no argument and no pipe hands in, and free to end it all."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager

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
