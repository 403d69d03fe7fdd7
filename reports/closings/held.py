"""Whether a truce's closings are held back: something was released that this record does not know, or may have been.

That is so after a restore from an older backup, and after one where no log of releases was at hand to tell (then it is
not known whether anything had been). It is so too where the log lacks what this record released: a line is in the log
before a release is in the record, so the log was lost or emptied, and may have told of more. Nothing of the truce is
asked for, computed or released until two people have said what is lost (resuming); its numbers stay taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Max
from django.utils.translation import gettext as _

from monitoring.errors import NotNow
from reports import release_log
from reports.closings import logged
from reports.models import LostRelease, Restoration, Resumption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitoring.models import Agreement
    from reports.models import Closing, Supplement


@dataclass(frozen=True)
class Held:
    """Why a truce's closings are held back: releases that the record does not know; a restore nobody could witness.

    `unlogged`: releases of the record that the log does not tell of.
    """

    lines: tuple[release_log.Line, ...] = ()
    restored_at: datetime | None = None
    unlogged: tuple[release_log.Line, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.lines or self.unlogged) or self.restored_at is not None


def held(agreement: Agreement) -> Held:
    """Why the truce's closings are held back; false where they are not. Raises NotNow where the log cannot be read."""
    return of_each([agreement])[agreement.pk]


def of_each(agreements: Sequence[Agreement]) -> dict[int, Held]:
    """The same of several truces, by their ids, in as many statements as of one. Raises NotNow."""
    ids = {agreement.code: agreement.pk for agreement in agreements}
    unknown, unlogged = logged.compared(ids, logged.told())
    if unlogged:  # what was released since the log was read stands in it by now
        there = {line.which for line in logged.told()}
        unlogged = [line for line in unlogged if line.which not in there]
    restored = _unwitnessed(list(ids.values()))
    return {pk: Held(_of(code, unknown), restored.get(pk), _of(code, unlogged)) for code, pk in ids.items()}


def require_going_on(agreement: Agreement) -> None:
    """Raise NotNow where the truce's closings are held back."""
    if (why := held(agreement)).lines:
        raise NotNow(
            _(
                "Closings of this truce are held back: the log of releases tells of %(release)s, which this database "
                "does not know (%(count)d in all). It was restored from an older backup. Two people say what is lost: "
                "manage.py releases."
            )
            % {"release": why.lines[-1], "count": len(why.lines)},
            code="released_since",
        )
    if why.restored_at is not None:
        raise NotNow(
            _(
                "Closings of this truce are held back: the database was restored on %(at)s without the log of releases "
                "that is kept apart, so nobody knows what had been released since the backup. Two people say what is "
                "lost: manage.py releases."
            )
            % {"at": f"{why.restored_at.astimezone(UTC):%Y-%m-%d %H:%M UTC}"},
            code="restored_unwitnessed",
        )
    if why.unlogged:
        raise NotNow(
            _(
                "Closings of this truce are held back: the log of releases does not tell of %(release)s, which was "
                "released (%(count)d in all). It was lost or emptied, and nobody knows what else it told of. "
                "Two people say what is lost, and it is written anew: manage.py releases."
            )
            % {"release": why.unlogged[-1], "count": len(why.unlogged)},
            code="releases_unlogged",
        )


def enter(closing: Closing, released_at: datetime) -> None:
    """Write the release into the log, before its transaction ends. Raises NotNow: held back, or it cannot be written.

    Where the transaction does not end well, the line tells of a closing that is computed and will be released.
    """
    _enter(closing, released_at)


def enter_sheet(supplement: Supplement, released_at: datetime) -> None:
    """Write the release of a corrigendum or addendum into the log, as `enter` does: it has its number already."""
    assert supplement.number is not None  # noqa: S101 - two agreed on it
    _enter(supplement.closing, released_at, **logged.of_sheet(supplement))


def _enter(closing: Closing, released_at: datetime, **sheet: Any) -> None:
    require_going_on(closing.agreement)
    _append(logged.line_of(closing, logged.instant(released_at), **sheet))


def log_anew(agreement: Agreement) -> None:
    """Write what was released of the truce, and the log does not tell of, into every place of it. Raises NotNow."""
    _append(*held(agreement).unlogged)


def _append(*lines: release_log.Line) -> None:
    try:
        release_log.append(*lines)
    except OSError as error:
        raise NotNow(
            _("The log of releases cannot be written: %(why)s. Nothing is released before.")
            % {"why": error.strerror or type(error).__name__},
            code="log_unwritable",
        ) from error


def last_lost(closing: Closing) -> int:
    """The highest number of the closing's period that had been given to a release that is lost; 0 for none."""
    lost = LostRelease.objects.filter(
        resumption__in=Resumption.objects.agreed().filter(agreement=closing.agreement),
        kind=closing.kind,
        period=closing.period,
        sheet="",
    )
    return lost.aggregate(last=Max("number"))["last"] or 0


def last_lost_sheet(supplement: Supplement) -> int:
    """The highest number that a lost sheet of its kind to its closing had; 0 for none."""
    closing = supplement.closing
    assert closing.number is not None  # noqa: S101 - it is released
    lost = LostRelease.objects.filter(
        resumption__in=Resumption.objects.agreed().filter(agreement=closing.agreement_id),
        kind=closing.kind,
        period=closing.period,
        number=closing.number,
        content_sha256=closing.content_sha256,
        sheet_kind=supplement.kind,
    )
    return lost.aggregate(last=Max("sheet_number"))["last"] or 0


def _of(code: str, lines: list[release_log.Line]) -> tuple[release_log.Line, ...]:
    return tuple(line for line in lines if line.truce == code)


def _unwitnessed(ids: list[int]) -> dict[int, datetime]:
    """When the database was last restored without a witness, of each truce whose losses nobody has said since."""
    restored = Restoration.objects.filter(witnessed=False).order_by("pk").last()
    if restored is None:
        return {}
    resumed = Resumption.objects.agreed().filter(agreement__in=ids, recorded_at__gt=restored.recorded_at)
    said = set(resumed.values_list("agreement", flat=True))
    return {pk: restored.recorded_at for pk in ids if pk not in said}
