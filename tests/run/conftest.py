"""A clone of the project in which only `run` is real, so that what it does to a machine can be watched."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STAND_IN = Path(__file__).parent / "stand_in"


def ways_of_running_postgres() -> list[str]:
    """How PostgreSQL can be run by this user: root has one way or two, others need none."""
    if os.geteuid() != 0:
        return [""]
    namespaces = subprocess.run(["unshare", "--user", "--map-user=1000", "true"], check=False, capture_output=True)
    return ["setpriv"] if namespaces.returncode else ["userns", "setpriv"]


def running() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").glob("[0-9]*")]


def command_line(pid: int) -> str:
    """Return the command line of a process; empty for one that has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def working_folder(pid: int) -> str:
    try:
        return str(Path(f"/proc/{pid}/cwd").readlink())
    except OSError:
        return ""


class Clone:
    """A folder with `run` in it, and everything that was started there."""

    def __init__(self, path: Path, way: str) -> None:
        self.path = path
        kept = {"PATH", "HOME", "LANG", "USER", "TERM"}
        self.environment = {name: value for name, value in os.environ.items() if name in kept}
        if way:
            self.environment["RUN_POSTGRES_AS"] = way
        self.started: list[subprocess.Popen[str]] = []

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            ["env", "--default-signal=INT", "./run", *arguments],  # whoever started the tests may ignore it
            cwd=self.path,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.started.append(process)
        return process

    def run(self, *arguments: str, exits: int = 0, **environment: str) -> str:
        """Run `./run arguments` to its end and return what it printed."""
        started = self.start(*arguments, **environment)
        printed, _ = started.communicate(timeout=120)
        assert started.returncode == exits, printed
        return printed

    def processes(self) -> list[int]:
        """Return the processes that belong to this folder: their command line names it, or they work in it."""
        place = str(self.path)
        return [pid for pid in running() if place in command_line(pid) or working_folder(pid).startswith(place)]

    def sockets(self) -> Path | None:
        link = self.path / "var" / "sockets"
        return link.readlink() if link.is_symlink() else None

    def postmaster(self) -> int:
        return int((self.path / "var/postgres/data/postmaster.pid").read_text().splitlines()[0])

    def linger(self) -> subprocess.Popen[str]:
        """Start a command that keeps the services until `let_go`."""
        lingering = self.start("manage", "linger")
        wait_until(lambda: (self.path / "lingering").exists(), lingering)
        return lingering

    def let_go(self, lingering: subprocess.Popen[str]) -> str:
        (self.path / "lingering").unlink()
        return lingering.communicate(timeout=60)[0]


def wait_until(holds, process: subprocess.Popen[str] | None = None) -> None:
    """Wait until `holds()`; fail after a minute, or when `process` ends before."""
    for _ in range(600):
        if holds():
            return
        if process and process.poll() is not None:
            pytest.fail(process.communicate()[0])
        time.sleep(0.1)
    pytest.fail("It did not happen within a minute.")


def furnish(path: Path) -> None:
    """Lay the clone out: the real run, its SQL and locks, the stand-ins, and a .venv with borrowed packages."""
    shutil.copy(ROOT / "run", path)
    shutil.copytree(ROOT / "deploy", path / "deploy")
    shutil.copytree(ROOT / "requirements", path / "requirements")
    shutil.copytree(STAND_IN, path, dirs_exist_ok=True)
    shutil.copy(ROOT / "config" / "logs.py", path / "config")  # of the web process's settings, which are the real ones
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", path / ".venv"], check=True)
    packages = sysconfig.get_path("purelib", vars={"base": path / ".venv"})
    (Path(packages) / "borrowed.pth").write_text(sysconfig.get_path("purelib"))
    locks = ["requirements/runtime.txt", "requirements/development.txt"]
    marks = subprocess.run(["sha256sum", *locks], cwd=path, check=True, capture_output=True)
    (path / ".venv/installed").write_bytes(marks.stdout)


in_each_way = pytest.mark.parametrize("way", ways_of_running_postgres())


@pytest.fixture
def way() -> str:
    """How `run` is told to run PostgreSQL: not at all, unless the test is marked `in_each_way`."""
    return ""


@pytest.fixture
def folder():
    """A folder that every user can reach, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="clone.") as name:
        path = Path(name)
        path.chmod(0o755)
        yield path


@pytest.fixture
def alone_at_the_ports(tmp_path_factory):
    """`./run serve` looks for a free port before it takes it: tests of other parts must not look meanwhile."""
    with (tmp_path_factory.getbasetemp().parent / "ports.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture
def clone(folder, way):
    path = folder / "a truce"
    path.mkdir()
    furnish(path)
    made = Clone(path, way)
    yield made
    for process in made.started:
        process.kill()
    for pid in made.processes():
        os.kill(pid, signal.SIGKILL)
    for process in made.started:
        process.communicate(timeout=60)
    cluster = (path / "var/postgres").resolve()
    if cluster.is_relative_to("/var/lib"):
        shutil.rmtree(cluster)
    if sockets := made.sockets():
        shutil.rmtree(sockets, ignore_errors=True)


@pytest.fixture(scope="session")
def world():
    """The service that is backed up; made once, for it takes half a minute."""
    from tests.run.backed_up import World  # which needs what is above

    with tempfile.TemporaryDirectory(prefix="backup.") as name:
        Path(name).chmod(0o755)
        yield World(Path(name))
