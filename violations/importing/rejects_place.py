"""Where a table of rejects stands: by which name, and never in the place of one that somebody may be mending.

Where one stands there that says the same, it stays; where it says anything else, the next free name is taken:
events.rejects.csv, events.rejects.2.csv. None is ever written over or taken away. The rejects of a table of rejects are
named for what was imported first. What a dry run would refuse has names of its own.
"""

from __future__ import annotations

import filecmp
import itertools
import os
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from monitoring.faults import UnreadableFile
from violations.importing.table import REFUSED_BEFORE

_OF_REJECTS = re.compile(r"(?:\.rejects(?:\.dry-run)?(?:\.[0-9]+)?)+$")


def stem(file: Path) -> str:
    """Return the name of what was imported first: that of `file` without what says that it is a table of rejects."""
    return _OF_REJECTS.sub("", file.stem)


def of(file: Path, asked: Path | None, *, dry_run: bool) -> Path:
    """Return where the rejects of `file` are to stand: where was `asked`, or here by its name; a dry run's apart."""
    place = asked or Path(f"{stem(file)}.rejects.csv")
    return place.with_name(f"{place.stem}.dry-run{place.suffix}") if dry_run else place


def require_rejects(table: Path) -> None:
    """Raise UnreadableFile where something else than a table of rejects stands in its place."""
    if not table.exists():
        return
    with table.open("rb") as file:
        if file.readline().startswith(",".join(REFUSED_BEFORE).encode() + b","):
            return
    raise UnreadableFile(table, _("this is there already and no table of rejects; name another with --rejects"))


def lay(written: Path, table: Path) -> Path:
    """Put what is `written` where `table` is to stand, or by the next free name; return where it stands."""
    for place in _names(table):
        if place.is_file() and filecmp.cmp(written, place, shallow=False):
            return place
        if _laid(written, place):
            return place
    raise AssertionError("names do not end")


def _names(table: Path) -> Iterator[Path]:
    yield table
    for number in itertools.count(2):
        yield table.with_name(f"{table.stem}.{number}{table.suffix}")


def _laid(written: Path, place: Path) -> bool:
    """Whether it could be put there; a link is made in one step, and never over anything."""
    try:
        os.link(written, place)
    except FileExistsError:
        return False
    except OSError:  # not every file system has links
        if os.path.lexists(place):
            return False
        written.replace(place)
    return True
