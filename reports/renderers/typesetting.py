"""Typst in a process of its own, with so much memory and no more.

Where Typst gets no memory it panics or ends its process, and whoever called it with it. So it runs as a child: run as a
program, this file reads a report from its standard input and writes the PDF. It knows nothing of Django, so that it
begins at once. Run it with `-P`: beside it lie modules named csv and json.
"""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys
from typing import Any

STANDARDS: Any = ["a-2a", "ua-1"]  # typst wants the list of all names it knows as the type
OTHER_SCRIPT = "could not be displayed"  # what Typst says of a letter that no font has


class TypesettingError(Exception):
    """Typst made no PDF; the message says why."""


def typeset(document: dict[str, Any], *, at_most: int) -> bytes:
    """Return the PDF of `document`, made in at most so many bytes of memory (address space).

    `document` holds `main`, `root`, `fonts` (paths), `inputs` (texts by name) and `instant` (seconds since 1970).
    Raises TypesettingError.
    """
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-P", __file__, str(at_most)],
        input=json.dumps(document).encode(),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise TypesettingError(_why(done.returncode, done.stderr.decode(errors="replace").splitlines()))
    return done.stdout


def _why(returncode: int, said: list[str]) -> str:
    """What ended the child: of a signal its name and what was said first, else what was said last."""
    if returncode < 0:
        return f"{signal.Signals(-returncode).name}: {' '.join(said[:1])}"
    return " ".join(said[-1:])


def _made(document: dict[str, Any]) -> bytes:
    import typst  # not needed, and not to be loaded, by who calls

    compiler = typst.Compiler(
        document["main"],
        root=document["root"],
        font_paths=[document["fonts"]],
        ignore_system_fonts=True,
        sys_inputs=document["inputs"],
    )
    try:
        made = compiler.compile(format="pdf", timestamp=document["instant"], pdf_standards=STANDARDS)
    except typst.TypstError as failure:
        # A name in a script that no pinned font has: the standards forbid it, a reader prefers the report.
        if OTHER_SCRIPT not in str(failure):
            raise
        made = compiler.compile(format="pdf", timestamp=document["instant"])
    assert isinstance(made, bytes)  # noqa: S101 - a PDF is one file
    return made


def main() -> None:
    """Bound the memory, read, write; say in a line what went wrong, be it a panic of Typst's, which is no Exception."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    at_most = int(sys.argv[1])
    if hard != resource.RLIM_INFINITY:
        at_most = min(at_most, hard)
    resource.setrlimit(resource.RLIMIT_AS, (at_most, at_most))
    try:
        sys.stdout.buffer.write(_made(json.load(sys.stdin)))
    except BaseException as error:
        sys.exit(f"{type(error).__name__}: {' '.join(str(error).split())}")


if __name__ == "__main__":
    main()
