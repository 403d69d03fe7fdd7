"""The service under a clock that the test sets: a PostgreSQL, a worker and a beat of its own, under libfaketime.

The product has no door for this: no setting, no column, no function says what time it is. The processes are told by the
library that stands between them and the system's clock, all of them by one file, so that what PostgreSQL stamps, what
Python compares and when beat rings agree. The clock is put forward only, and only while nobody works: leases and what
the broker holds for a worker would run out.
"""

from __future__ import annotations

import json
import os
import pwd
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from redis import Redis

SUPERUSER = os.environ.get("DATABASE_SUPERUSER", "postgres")
ROOT = Path(__file__).parents[2]
STARTS_WITHIN, ENDS_WITHIN = 120, 240  # seconds, on a machine that does much else
COUNTING = "select from django_celery_beat_periodictask where last_run_at is not null limit 1"
OPTIONS = "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c timezone=UTC"


def library() -> Path | None:
    """Libfaketime as Debian installs it; None where it is not there."""
    return next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)


class Service:
    """A cluster, a worker and a beat in `folder`, all by the clock that `put_forward` sets."""

    def __init__(self, folder: Path, preloaded: Path) -> None:
        self.folder, self.clock, self.sockets = folder, folder / "clock", folder / "s"
        self.sockets.mkdir()
        self.offset = timedelta(0)
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.people: subprocess.Popen[str] | None = None
        self.faked = {
            "LD_PRELOAD": str(preloaded),
            "FAKETIME_TIMESTAMP_FILE": str(self.clock),
            "FAKETIME_NO_CACHE": "1",  # else a process goes on by the old clock for seconds, each for its own
            "FAKETIME_DISABLE_SHM": "1",
            "NO_FAKE_STAT": "1",
        }
        doorbell = os.environ["REDIS_URL"].partition("?")[0] + "?db=7"  # of the test's own: nobody else rings it
        self.broker = Redis.from_url(doorbell)
        self.environment = {
            **os.environ,
            **self.faked,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_HOST": str(self.sockets),
            "DATABASE_PORT": "",
            "DATABASE_NAME": "ceasefire",
            "FILES_ROOT": str(folder / "files"),
            "REDIS_URL": doorbell,
        }

    def begin(self, at: datetime, *, like: Mapping[str, Any]) -> None:
        """Start the database at the instant `at` of its clock, its tables made like those of the test's own `like`."""
        self.put_forward(at)
        data = self.folder / "postgres"
        if os.geteuid() == 0:
            for path in (self.folder, self.sockets):
                os.chown(path, *_of_postgres())
        self._as_postgres("initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
                          "--no-sync")  # fmt: skip
        self._as_postgres("pg_ctl", "start", "-w", "-D", str(data), "-l", str(self.folder / "postgres.log"),
                          "-o", f"{OPTIONS} -c unix_socket_directories='{self.sockets}'")  # fmt: skip
        made = ["psql", "-X", "-q", "-h", str(self.sockets), "-U", "postgres", "-d", "postgres"]
        made += ["-v", "database=ceasefire", "-f", "deploy/database.sql"]
        subprocess.run(made, cwd=ROOT, check=True, capture_output=True)
        self._make_tables(like)

    def end(self) -> None:
        """Stop everything."""
        self.go_down()
        if self.people is not None:
            self.people.communicate(timeout=60)  # its input ends, and so does it
        self._as_postgres("pg_ctl", "stop", "-m", "immediate", "-D", str(self.folder / "postgres"), check=False)

    def _make_tables(self, like: Mapping[str, Any]) -> None:
        """What the migrations made and filled, taken over: to migrate anew takes half a minute."""
        made = self.folder / "tables.sql"
        asked = ["-h", like["HOST"], *(["-p", str(like["PORT"])] if like["PORT"] else []), "-U", SUPERUSER]
        only = ["--exclude-schema=kept"]
        subprocess.run(
            ["pg_dump", *asked, *only, "-f", str(made), like["NAME"]], check=True, capture_output=True, text=True
        )
        restored = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", str(self.sockets), "-U", "postgres"]
        subprocess.run([*restored, "-d", "ceasefire", "-1", "-f", str(made)], check=True, capture_output=True)

    # --- the clock ----------------------------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        """What the clock says."""
        return datetime.now(UTC) + self.offset

    def put_forward(self, at: datetime) -> None:
        """Put the clock forward to the instant `at` while nobody works. All read it at once.

        Beat is halted meanwhile: a task begun by one clock and timed by the other would have taken days.
        """
        offset = at - datetime.now(UTC)
        assert not self.processes or at >= self.now, "A clock is never put back."
        with self._beat_halted():
            self.offset = offset
            written = self.folder / "clock.new"
            written.write_text(f"{offset.total_seconds():+.0f}")
            written.chmod(0o644)
            written.rename(self.clock)

    @contextmanager
    def _beat_halted(self) -> Iterator[None]:
        beat = self.processes.get("beat")
        if beat is None:
            yield
            return
        beat.send_signal(signal.SIGSTOP)
        try:
            ends = time.monotonic() + ENDS_WITHIN
            while self.broker.llen("celery") or self.broker.hlen("unacked"):  # a message stays until its task has ended
                assert time.monotonic() < ends, self.said()
                time.sleep(0.05)
            yield
        finally:
            beat.send_signal(signal.SIGCONT)

    # --- the processes ------------------------------------------------------------------------------------------------

    def come_up(self) -> None:
        """Start worker and beat as `./run serve` does; return once beat counts, which it does from its first start.

        Beat looks every second, and not every five, whether the clock was put forward.
        """
        for name in ("worker", "beat"):
            with (self.folder / f"{name}.log").open("ab") as log:
                self.processes[name] = subprocess.Popen(
                    [sys.executable, "-m", *_command(name)],
                    cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True,
                )  # fmt: skip
        ends = time.monotonic() + STARTS_WITHIN
        while not self.rows(COUNTING):
            assert time.monotonic() < ends, self.said()
            time.sleep(0.2)

    def go_down(self) -> None:
        """End beat, then the worker, as whoever stops the service does: what is begun is ended."""
        for name in ("beat", "worker"):
            process = self.processes.pop(name, None)
            if process is not None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(timeout=60)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()

    def act(self, *what: Any) -> Any:
        """What `tests.clock.acting` answers to an act; it runs by the same clock, and is started once."""
        if self.people is None:
            with (self.folder / "people.log").open("ab") as log:
                self.people = subprocess.Popen(
                    [sys.executable, "-m", "tests.clock.acting"],
                    cwd=ROOT, env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                    text=True,
                )  # fmt: skip
        assert self.people.stdin is not None
        assert self.people.stdout is not None
        self.people.stdin.write(json.dumps(what) + "\n")
        self.people.stdin.flush()
        answer = self.people.stdout.readline()
        assert answer, f"{what[0]}\n{self.said()}"
        return json.loads(answer)

    def rows(self, asked: str) -> list[tuple[Any, ...]]:
        """Ask the database."""
        with psycopg.connect(host=str(self.sockets), dbname="ceasefire", user="postgres") as database:
            return database.execute(asked).fetchall()

    def worked(self, task: str) -> int:
        """How many times the worker has ended the task of this name well."""
        said = re.findall(rf"Task \S+\.{task}\[[^]]+\] succeeded", (self.folder / "worker.log").read_text())
        return len(said)

    def errors(self) -> list[str]:
        """What worker and beat logged as an error, be it that it came right later."""
        logs = [(self.folder / f"{name}.log").read_text() for name in ("worker", "beat")]
        return [line for log in logs for line in log.splitlines() if re.match(r"\S+ (ERROR|CRITICAL) ", line)]

    def said(self) -> str:
        """The last of what all of them logged."""
        logs = sorted(self.folder.glob("*.log"))
        return "\n".join(f"{log.name}: {log.read_text()[-2500:]}" for log in logs)

    def _as_postgres(self, program: str, *arguments: str, check: bool = True) -> None:
        """Run a program of PostgreSQL's as somebody that it accepts: never as root."""
        user: list[str] = []
        if os.geteuid() == 0:
            uid, gid = _of_postgres()
            user = ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--init-groups"]
        # The library is given to the program alone: what it makes for itself has to be its user's own.
        faked = ["env", "-u", "HOME", *(f"{name}={value}" for name, value in self.faked.items())]
        with (self.folder / "programs.log").open("ab") as log:
            done = subprocess.run(
                [*user, *faked, program, *arguments],
                cwd="/", check=False, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        assert not check or done.returncode == 0, self.said()


def _of_postgres() -> tuple[int, int]:
    entry = pwd.getpwnam("postgres")
    return entry.pw_uid, entry.pw_gid


def _command(name: str) -> list[str]:
    """The command of `./run serve`."""
    more = ["--max-interval", "1"] if name == "beat" else []
    (line,) = [line for line in (ROOT / "run").read_text().splitlines() if line.startswith(f"  launch {name} ")]
    return [*shlex.split(line)[2:], *more]
