"""What is wrong with a file that an operator hands in: every fault, each with its place."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from monitoring.errors import Malformed

# Control characters, marks that reorder text, halves of a character, line ends: what can steer a terminal.
_STEERING = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def steers(character: str) -> bool:
    """Whether the character, printed, can do something else than stand where it is."""
    return unicodedata.category(character) in _STEERING


def visible(text: str) -> str:
    """Return `text`, which may quote what somebody wrote, so that it is one line and steers no terminal."""
    return "".join("\ufffd" if steers(character) else character for character in text)


@dataclass(frozen=True)
class Fault:
    """One thing to mend: where it stands, as `parties[4] (river-company).side`, and what is wrong there.

    Entries of a list are counted from 1, as a reader of the file counts its [[parties]].
    """

    place: str
    message: str

    def __str__(self) -> str:
        return visible(f"{self.place}: {self.message}")


MOST_ALIKE = 20


def first(faults: Sequence[Fault], name: str) -> list[Fault]:
    """The first of `faults` of the file `name` that may be one thing all the way down, and how many more there are."""
    more = len(faults) - MOST_ALIKE
    rest = [Fault(name, _("and %(count)d more") % {"count": more})] if more > 0 else []
    return [*faults[:MOST_ALIKE], *rest]


class FaultyFile(Malformed):
    """A file that is refused whole; `faults` says all of what is wrong, in the order of the file."""

    def __init__(self, name: str, faults: Sequence[Fault]) -> None:
        self.faults = list(faults)
        lines = "\n".join(f"  {fault}" for fault in self.faults)
        super().__init__(
            _("%(name)s is refused and nothing of it was recorded. To be mended: %(count)d.\n%(faults)s")
            % {"name": name, "count": len(self.faults), "faults": lines},
            code="faulty_file",
        )


class UnreadableFile(FaultyFile):
    """A file of which nothing can be read; its message is one line, with the path as it was named."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(path.name, [Fault(str(path), message)])
        self.message = str(self.faults[0])
        self.args = (self.message,)
