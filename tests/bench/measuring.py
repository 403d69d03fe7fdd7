"""How something is measured: runs of each way in turn, medians of five, ratios pair by pair, memory at its most."""

from __future__ import annotations

import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection

RUNS = 5
EVERY = 0.05  # seconds between two looks at memory
MEGABYTE = 1024  # in kB, as the kernel tells memory


@dataclass(frozen=True)
class Row:
    """What a measurement came to: a figure with its limits, and what it is made of in words."""

    what: str
    ours: str
    against: str
    figure: float
    unit: str = "ratio"
    spread: tuple[float, float] | None = None
    least: float | None = None
    most: float | None = None
    memory: str = ""

    @property
    def held(self) -> bool | None:
        """Whether the figure is within its limits; None where it has none."""
        if self.least is None and self.most is None:
            return None
        return (self.least is None or self.figure >= self.least) and (self.most is None or self.figure <= self.most)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Say what is going on, and how long it took."""
    sys.stderr.write(f"  {title} ...\n")
    began = time.perf_counter()
    yield
    sys.stderr.write(f"  {title}: {time.perf_counter() - began:.1f} s\n")


@dataclass
class Timed:
    """The seconds that each run of one way took, and its peaks of memory in MB."""

    name: str
    seconds: list[float] = field(default_factory=list)
    python: float = 0
    backend: float = 0

    @property
    def median(self) -> float:
        """The median of the runs, in seconds."""
        return statistics.median(self.seconds)

    @property
    def memory(self) -> str:
        """The most that the Python process held, and what the backends added of their own to what all share."""
        backend = f", PostgreSQL's backends {self.backend:.0f} MB" if self.backend else ""
        return f"Python {self.python:.0f} MB{backend}"

    def told(self) -> str:
        """The median in words."""
        return f"{self.name}: {seconds(self.median)}"


def seconds(number: float) -> str:
    """Return a duration with three digits that say something."""
    return f"{number * 1000:.0f} ms" if number < 1 else f"{number:.2f} s" if number < 10 else f"{number:.1f} s"


# A way prepares a run, outside the clock, and returns what is timed; what times itself returns its seconds.
Way = Callable[[], Callable[[], float | None]]


def interleaved(title: str, ways: dict[str, Way], *, runs: int = RUNS) -> dict[str, Timed]:
    """Run the ways in turn, A B A B ..., so that whatever else the machine does falls on both."""
    timed = {name: Timed(name) for name in ways}
    for run in range(1, runs + 1):
        for name, way in ways.items():
            with step(f"{title}, run {run} of {runs}: {name}"):
                one_run(timed[name], way)
    return timed


def one_run(timed: Timed, way: Way) -> None:
    """Prepare, and time what was prepared."""
    work = way()
    with Peak() as peak:
        began = time.perf_counter()
        told = work()
        timed.seconds.append(time.perf_counter() - began if told is None else told)
    timed.python, timed.backend = max(timed.python, peak.python), max(timed.backend, peak.backend)


def ratios(of: Timed, to: Timed) -> list[float]:
    """The ratio of the two in each run."""
    return [one / other for one, other in zip(of.seconds, to.seconds, strict=True)]


def compared(what: str, ours: Timed, theirs: Timed, *, least: float | None = None, most: float | None = None) -> Row:
    """Set the service beside another way: how many times as long (`most`), or how many times as fast (`least`)."""
    found = ratios(ours, theirs) if least is None else ratios(theirs, ours)
    return Row(
        what=what,
        ours=ours.told(),
        against=theirs.told(),
        figure=statistics.median(found),
        spread=(min(found), max(found)),
        least=least,
        most=most,
        memory=ours.memory,
    )


class Peak:
    """Watches, while it is open, the memory of this process and of the backend that Django's connection has."""

    def __init__(self) -> None:
        self.python: float = 0
        self.backend: float = 0
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._look_on, daemon=True)

    def __enter__(self) -> Peak:
        self._look()
        self._watch.start()
        return self

    def __exit__(self, *_failure: object) -> None:
        self._look()
        self._over.set()
        self._watch.join()

    def _look_on(self) -> None:
        while not self._over.wait(EVERY):
            self._look()

    def _look(self) -> None:
        self.python = max(self.python, _kilobytes("self", "VmRSS") / MEGABYTE)
        held = connection.connection
        if held is not None and not held.closed:
            pids = [held.info.backend_pid, *_workers_of(held.info.backend_pid)]
            self.backend = max(self.backend, sum(_kilobytes(pid, "RssAnon") for pid in pids) / MEGABYTE)


def _workers_of(backend: int) -> list[int]:
    """The parallel workers of a backend: siblings that say so in their titles."""
    try:
        parent = next(
            line.split()[1]
            for line in Path(f"/proc/{backend}/status").read_text().splitlines()
            if line.startswith("PPid:")
        )
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    except (OSError, StopIteration):
        return []
    return [int(pid) for pid in children if f"worker for PID {backend} " in f"{_title(pid)} "]


def _title(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0").decode(errors="replace")
    except OSError:
        return ""


def _kilobytes(pid: int | str, name: str) -> int:
    """A number of a process's memory, as the kernel tells it; 0 where the process is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(f"{name}:")), 0)
