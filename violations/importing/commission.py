"""The daily figures of the joint commission of 2017, as its Russian side told them and outlets quoted them.

Its Turkish ledger is known only as quoted there. The tables are read by `commission_tables`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from monitoring.errors import NotNow
from monitoring.faults import Fault
from monitoring.models import Agreement, User
from violations.importing import occasion
from violations.importing.commission_tables import SCHEME, read, refuse
from violations.return_content import faults_of
from violations.returns import Outcome, record_returns

__all__ = ["SCHEME", "Imported", "import_returns"]


@dataclass
class Imported:
    """What an import came to."""

    returns: int = 0
    dates: int = 0
    lines: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    unplaced: list[str] = field(default_factory=list)


def import_returns(agreement: Agreement, paths: Sequence[Path], *, by: User | None, correct: bool = False) -> Imported:
    """Record the returns in the files `paths`, all or none; what is recorded already is left alone.

    Raises FaultyFile with every fault and its place (file, line, column), or where real and simulated would mix; and
    NotNow where an address gives other numbers than it did and `correct` does not say that they correct them.
    """
    told = read(paths, occasion.of(agreement), zone=ZoneInfo(agreement.terms.time_zone))
    contents = [one.content for one in told]
    faults = [
        Fault(told[number].row.place(told[number].columns.get(name, name)), message)
        for number, name, message in faults_of(agreement, contents)
    ]
    refuse(paths, faults)
    try:
        recorded = record_returns(agreement, contents, by=by, correct=correct)
    except NotNow as refusal:
        if refusal.code != "told_otherwise_before":
            raise
        raise NotNow(
            _("%(what)s Then run this again with --correct.") % {"what": refusal.message}, code=refusal.code
        ) from None
    return Imported(
        returns=len(told),
        dates=len({content.bears_date for content in contents}),
        lines=sum(len(content.lines) for content in contents),
        outcomes=Counter(one.outcome for one in recorded),
        unplaced=sorted({name for one in recorded for name in one.unplaced}),
    )
