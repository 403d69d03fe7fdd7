"""An edition whole, in one file: its files and its sheets' as they are stored, its tables, the dictionary, each hash.

It is written as it is sent, file after file; nothing of it is held but the file under way. Order, dates and rights of
the files are fixed: the same edition gives the same bytes, as long as the same library compresses them and no sheet is
issued to it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from monitoring import audit
from monitoring.plain_text import guarded
from reports.downloads import as_rendered
from reports.exports import sending
from reports.exports.copying import ends_by, under_way
from reports.models import PeriodKind, Rendition, SupplementFile
from reports.renderers import dictionary

if TYPE_CHECKING:
    from monitoring.models import User
    from reports.exports.behind import Behind
    from reports.models import Edition

WHEN = (1980, 1, 1, 0, 0, 0)  # the first that a zip can tell: none
RIGHTS = 0o644 << 16
UNIX = 3
LEVEL = 6
LISTED = ("incidents.csv", "incidents.geojson", "findings.csv")
ANNOUNCED = ("returns.csv", "return-lines.csv")
SUMS = "SHA256SUMS"
SPREADSHEET = "edition.xlsx"


Stored = Rendition | SupplementFile


def taken(edition: Edition, *, by: User) -> list[Stored]:
    """Return the files of the edition, then of its sheets, each as it was rendered; the audit says of each it is taken.

    They are those that were released: not those of the draft, which stay. Raises NotNow where a stored file
    is not the one rendered.
    """
    order = [str(form) for form in Rendition.Format]
    files = sorted(edition.renditions.released(), key=lambda file: (order.index(file.format), file.language))
    for file in files:
        as_rendered(file)
        audit.done("rendition.download", by=by, on=file, agreement=edition.agreement)
    mine = SupplementFile.objects.visible_to(by).filter(supplement__closing=edition.closing_id)
    sheets = list(mine.order_by("supplement_id", "file_name"))
    for sheet in sheets:
        as_rendered(sheet)
        audit.done("supplement.download", by=by, on=sheet, agreement=edition.agreement)
    return [*files, *sheets]


def zipped(
    behind: Behind,
    stored: Sequence[Stored],
    make_spreadsheet: Callable[[], bytes] | None,
    *,
    account: int | None = None,
) -> Iterator[bytes]:
    """The zip in blocks; without a spreadsheet where there can be none, which its README says.

    Raises, before any, NotNow where something else is on its way to the account.
    """
    with under_way(account):
        spreadsheet = make_spreadsheet() if make_spreadsheet else None
        sink = _Sink()
        sums: dict[str, str] = {}
        with zipfile.ZipFile(sink, "w") as archive:
            for name, blocks in _files(behind, stored, spreadsheet):
                digest = hashlib.sha256()
                with archive.open(_entry(name), "w", force_zip64=True) as file:
                    for block in blocks:
                        digest.update(block)
                        file.write(block)
                        yield sink.taken()
                sums[name] = digest.hexdigest()
            archive.writestr(_entry(SUMS), "".join(f"{told}  {name}\n" for name, told in sums.items()))
        yield sink.taken()


def _files(
    behind: Behind, stored: Sequence[Stored], spreadsheet: bytes | None
) -> Iterator[tuple[str, Iterable[bytes]]]:
    until = ends_by()
    tables = ANNOUNCED if behind.closing.kind == PeriodKind.DAY else (*LISTED, *ANNOUNCED)
    yield "README.txt", [_readme(behind, with_spreadsheet=spreadsheet is not None).encode()]
    for one in stored:
        yield one.file_name, [as_rendered(one)]
    if spreadsheet is not None:
        yield SPREADSHEET, [spreadsheet]
    for name in tables:
        kind, _dot, form = name.partition(".")
        made = sending.as_geojson(behind) if form == "geojson" else sending.as_csv(behind, kind)
        yield name, made.ending(until)
    yield "columns.csv", [_table(dictionary.columns(_told_of(tables, with_spreadsheet=spreadsheet is not None)))]
    yield "codes.csv", [_table(dictionary.codes(behind.names(), behind.language))]


def _told_of(tables: Sequence[str], *, with_spreadsheet: bool) -> list[str]:
    """The files of the dictionary that this zip has."""
    left_out = {*LISTED, *ANNOUNCED} - {*tables}
    return [
        file
        for file in dictionary.FILES
        if file not in left_out and (with_spreadsheet or not file.startswith(SPREADSHEET))
    ]


def _table(rows: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    for row in rows:
        writer.writerow([guarded(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _readme(behind: Behind, *, with_spreadsheet: bool) -> str:
    too_large = _("There is no spreadsheet: this edition is too large for one. Its figures are in its CSV.")
    lines = [
        _("SIMULATED: an exercise. No real incident is described.") if behind.known.agreement.simulated else "",
        f"{behind.known.agreement.name}: {behind.known.period.code}, {_('closing')} {behind.closing.number}",
        f"{_('Content hash (SHA-256), the same in every edition')}: {behind.closing.content_sha256}",
        behind.known.version.handling_marking,
        "",
        _("The PDF, CSV and JSON are the edition as it was released. In its CSV each line is one figure."),
        _("The other tables hold what the figures rest on, as the truce lets it out. columns.csv says of every column")
        + " "
        + _("what stands in it, codes.csv what each code means. An empty cell is not zero."),
        *([] if with_spreadsheet else [too_large]),
        _("Corrigenda and addenda are those issued by the time at which this was taken; they change no figure."),
        _("The members of the JSON are described in docs/content.schema.json of the service."),
        _("SHA256SUMS holds the hash of each file: sha256sum -c SHA256SUMS."),
        "",
    ]
    return "\n".join(line for number, line in enumerate(lines) if line or number) + "\n"


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, WHEN)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry._compresslevel = LEVEL  # type: ignore[attr-defined]
    entry.external_attr = RIGHTS
    entry.create_system = UNIX
    return entry


class _Sink(io.RawIOBase):
    """What is written to it until it is taken; it cannot be gone back in."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, told: Any) -> int:
        """Hold what is written."""
        self._held += told
        return len(told)

    def taken(self) -> bytes:
        """What was written since."""
        told = bytes(self._held)
        self._held.clear()
        return told
