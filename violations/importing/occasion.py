"""What an import asks of every line, whatever the table: that it is of the agreement's kind, and that it has happened.

Real and simulated data never stand in one agreement. A table says that it is simulated in a column `simulated`, which
is `yes` in every line; what does not say so is real.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from monitoring.faults import Fault, FaultyFile
from monitoring.models import Agreement
from violations.importing.table import Row

KIND = "simulated"
YES = "yes"


@dataclass(frozen=True)
class Occasion:
    """Into which agreement is imported, whether it is simulated, and the day of the import by the truce's clocks."""

    agreement: str
    simulated: bool
    today: date

    def of_its_kind(self, rows: Iterator[Row]) -> Iterator[Row]:
        """Yield `rows`. Raises FaultyFile at the first that is of the other kind; one refused already is not asked."""
        for row in rows:
            says_so = row.cells.get(KIND, "").strip().lower() == YES
            if says_so != self.simulated and not row.refused:
                raise FaultyFile(row.file, [Fault(row.place(KIND), self._other_kind())])
            yield row

    def require_real(self, name: str) -> None:
        """Raise FaultyFile where the agreement is simulated: what the file `name` holds is real, whatever it says."""
        if self.simulated:
            message = _(
                "%(agreement)s is simulated, and these figures are a real publisher's; import them into another"
            )
            raise FaultyFile(name, [Fault(name, message % {"agreement": self.agreement})])

    def require_happened(self, row: Row, column: str, day: date | None) -> None:
        """Refuse the cell in `column` where its `day` begins after the import."""
        if day is not None and day > self.today:
            message = _("%(day)s is yet to come, so this cannot have happened; check the date")
            row.refuse(column, message % {"day": day.isoformat()})

    def _other_kind(self) -> str:
        if self.simulated:
            message = _(
                "%(agreement)s is simulated, and this line does not say that it is, by yes in a column “simulated”; "
                "real data never stand beside simulated"
            )
        else:
            message = _(
                "%(agreement)s is real, and this line says that it is simulated; simulated data never stand beside real"
            )
        return message % {"agreement": self.agreement}


def of(agreement: Agreement) -> Occasion:
    """Return the occasion of an import into `agreement` that begins now."""
    today = timezone.now().astimezone(ZoneInfo(agreement.terms.time_zone)).date()
    return Occasion(agreement.code, agreement.simulated, today)
