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
import shlex
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

ROOT = Path(__file__).parents[2]
# How long processes may go on by the time that they last read in the file, in seconds of the machine.
CACHED = 1
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
        self.faked = {
            "LD_PRELOAD": str(preloaded),
            "FAKETIME_TIMESTAMP_FILE": str(self.clock),
            "FAKETIME_CACHE_DURATION": str(CACHED),
            "FAKETIME_DISABLE_SHM": "1",
            "NO_FAKE_STAT": "1",
        }
        redis = os.environ["REDIS_URL"].partition("?")[0]
        self.environment = {
            **os.environ,
            **self.faked,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_HOST": str(self.sockets),
            "DATABASE_PORT": "",
            "DATABASE_NAME": "ceasefire",
            "FILES_ROOT": str(folder / "files"),
            "REDIS_URL": f"{redis}?db=7",  # of the test's own Redis: a doorbell that nobody else rings
        }

    def begin(self, at: datetime) -> None:
        """Start the database at the instant `at` of its clock, and migrate it."""
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
        self.manage(
            "migrate", "--verbosity", "0", DATABASE_USER=os.environ.get("DATABASE_OWNER_ROLE", "ceasefire_owner")
        )

    def end(self) -> None:
        """Stop everything."""
        self.go_down()
        self._as_postgres("pg_ctl", "stop", "-m", "immediate", "-D", str(self.folder / "postgres"), check=False)

    # --- the clock ----------------------------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        """What the clock says."""
        return datetime.now(UTC) + self.offset

    def put_forward(self, at: datetime) -> None:
        """Put the clock forward to the instant `at`, and wait until all have read it."""
        offset = at - datetime.now(UTC)
        assert not self.processes or at >= self.now, "A clock is never put back."
        self.offset = offset
        written = self.folder / "clock.new"
        written.write_text(f"{offset.total_seconds():+.0f}")
        written.chmod(0o644)
        written.rename(self.clock)
        time.sleep(CACHED + 0.2)

    # --- the processes ------------------------------------------------------------------------------------------------

    def come_up(self) -> None:
        """Start worker and beat as `./run serve` does."""
        for name in ("worker", "beat"):
            with (self.folder / f"{name}.log").open("ab") as log:
                self.processes[name] = subprocess.Popen(
                    [sys.executable, "-m", *_command(name)],
                    cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True,
                )  # fmt: skip

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

    def manage(self, *command: str, **environment: str) -> str:
        """What a command of the service prints; it runs by the same clock."""
        return self._python("manage.py", *command, **environment)

    def act(self, *what: str) -> Any:
        """What `tests.clock.acting` returns of an act; it runs by the same clock."""
        return json.loads(self._python("-m", "tests.clock.acting", *what).splitlines()[-1])

    def rows(self, asked: str) -> list[tuple[Any, ...]]:
        """Ask the database."""
        with psycopg.connect(host=str(self.sockets), dbname="ceasefire", user="postgres") as database:
            return database.execute(asked).fetchall()

    def said(self) -> str:
        """The last of what all of them logged."""
        logs = sorted(self.folder.glob("*.log"))
        return "\n".join(f"{log.name}: {log.read_text()[-2500:]}" for log in logs)

    def _python(self, *arguments: str, **environment: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT, env={**self.environment, **environment}, check=False, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
        return done.stdout

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
    (line,) = [line for line in (ROOT / "run").read_text().splitlines() if line.startswith(f"  launch {name} ")]
    return shlex.split(line)[2:]
