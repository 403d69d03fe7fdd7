"""Typst in a process of its own, with so much memory and no more.

Where Typst gets no memory it panics or ends its process, and whoever called it with it. So it runs as a child: run as a
program, this file reads reports from its standard input, a line each, and answers each with its PDF. The child stays,
for Typst lays out the next edition faster with what it kept of the last, and ends with who began it. It knows nothing
of Django, so that it begins at once. Run it with `-P`: beside it lie modules named csv and json.
"""

from __future__ import annotations

import atexit
import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from typing import Any

STANDARDS: Any = ["a-2a", "ua-1"]  # typst wants the list of all names it knows as the type
OTHER_SCRIPT = "could not be displayed"  # what Typst says of a letter that no font has
PR_SET_PDEATHSIG = 1  # Linux, prctl(2): the signal that a process gets when the one that began it is gone


class TypesettingError(Exception):
    """Typst made no PDF; the message says why."""


class Child:
    """Typst, waiting for reports, in at most so many bytes of memory."""

    def __init__(self, at_most: int) -> None:
        self.at_most = at_most
        self.owner = os.getpid()
        self.said = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `end`
        self.process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-P", __file__, str(at_most), str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.said,
        )

    def typeset(self, document: dict[str, Any]) -> bytes:
        """Return the PDF of `document`. Raises TypesettingError; whatever is raised, the child is of no more use."""
        assert self.process.stdin is not None  # noqa: S101 - it is a pipe
        assert self.process.stdout is not None  # noqa: S101 - it is a pipe
        try:
            self.process.stdin.write(json.dumps(document).encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise TypesettingError(self._why()) from None
        answer = self.process.stdout.readline()
        if not answer:
            raise TypesettingError(self._why())
        told = json.loads(answer)
        if "failure" in told:
            raise TypesettingError(told["failure"])
        made = self.process.stdout.read(told["size"])
        if len(made) != told["size"]:
            raise TypesettingError(self._why())
        return made

    def _why(self) -> str:
        """What ended the child: of a signal its name and what was said first, else what was said last."""
        returncode = self.process.wait()
        self.said.seek(0)
        said = self.said.read().decode(errors="replace").splitlines()
        if returncode < 0:
            return f"{signal.Signals(-returncode).name}: {' '.join(said[:1])}"
        return " ".join(said[-1:])

    def end(self) -> None:
        """End the child; one that another process began is let be."""
        if self.owner == os.getpid():
            self.process.kill()
            self.process.communicate()
        self.said.close()


_lock = threading.Lock()
_kept: list[Child] = []  # none, or the one of this process


def typeset(document: dict[str, Any], *, at_most: int) -> bytes:
    """Return the PDF of `document`, made in at most so many bytes of memory (address space).

    `document` holds `main`, `root`, `fonts` (paths), `inputs` (texts by name) and `instant` (seconds since 1970).
    Raises TypesettingError. What fails in a child that has made others is tried once in a fresh one: what it kept of
    those may be why.
    """
    with _lock:
        if _is_kept(at_most):
            try:
                return _by(_kept[0], document)
            except TypesettingError:
                pass
        _begin_anew(at_most)
        return _by(_kept[0], document)


def begin(*, at_most: int) -> None:
    """Begin the child where there is none: it loads Typst while its first report is composed."""
    with _lock:
        if not _is_kept(at_most):
            _begin_anew(at_most)


def _is_kept(at_most: int) -> bool:
    return bool(_kept) and (_kept[0].owner, _kept[0].at_most) == (os.getpid(), at_most)


def _begin_anew(at_most: int) -> None:
    forget()
    _kept.append(Child(at_most))


def _by(child: Child, document: dict[str, Any]) -> bytes:
    try:
        return child.typeset(document)
    except BaseException:  # be it that the time is over: its answer is none that anybody waits for
        forget()
        raise


@atexit.register
def forget() -> None:
    """End the child that is kept."""
    while _kept:
        _kept.pop().end()


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


def _answered(line: bytes) -> bytes:
    """The answer to one report: the PDF after its size, or why there is none, be it a panic, which is no Exception."""
    try:
        made = _made(json.loads(line))
    except BaseException as error:
        return json.dumps({"failure": f"{type(error).__name__}: {' '.join(str(error).split())}"}).encode() + b"\n"
    return json.dumps({"size": len(made)}).encode() + b"\n" + made


def main() -> None:
    """Bound the memory, then answer until nobody asks any more, or until who asked is gone, be it while it is asked."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != int(sys.argv[2]):
        return
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    at_most = int(sys.argv[1])
    if hard != resource.RLIM_INFINITY:
        at_most = min(at_most, hard)
    resource.setrlimit(resource.RLIMIT_AS, (at_most, at_most))
    with suppress(Exception):  # what is wrong is told of the report that needs it
        import typst  # noqa: F401 - so that it is there when the first report comes
    for line in sys.stdin.buffer:
        sys.stdout.buffer.write(_answered(line))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
