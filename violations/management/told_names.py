"""What commands say of names that the mechanism knows nothing of: the first of them, and where they are many, a file.

The file is TOML as the mechanism file takes it, with the aliases of areas as comments, for an area is listed already.
It appears where more names are unknown than are shown; one of an earlier run gives way, anything else is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SHOWN = 20  # of parties, and of areas
HEAD = "# Names that the mechanism file does not know"


def require_free(file: Path) -> None:
    """Raise CommandError where something else stands in the place of the file."""
    try:
        if not file.exists() or file.read_bytes().startswith(HEAD.encode()):
            return
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror or error}") from None
    raise CommandError(_("%(file)s is there already and no file of names; name another with --names.") % {"file": file})


def lines(parties: list[str], areas: list[str], *, file: Path) -> Iterator[str]:
    """Yield the first of the stanzas `parties` and of the aliases `areas`; write all to `file` where more are left."""
    if parties:
        yield _(
            "Kept as written, for the mechanism knows nothing of these names. Add each to the aliases of the party "
            "that it is, or its stanza to the mechanism file; load that, and run this again:"
        )
    yield from (f"\n{stanza}" for stanza in parties[:SHOWN])
    if areas:
        yield "\n" + _("Names of areas that no area of the mechanism file bears, each as its alias:")
    yield from areas[:SHOWN]
    if max(len(parties), len(areas)) <= SHOWN:
        file.unlink(missing_ok=True)
        return
    _write(parties, areas, file)
    yield "\n" + _("The first of %(parties)s and %(areas)s are shown; all stand in %(file)s.") % {
        "parties": ngettext("%(n)d party", "%(n)d parties", len(parties)) % {"n": len(parties)},
        "areas": ngettext("%(n)d area", "%(n)d areas", len(areas)) % {"n": len(areas)},
        "file": file,
    }


def _write(parties: list[str], areas: list[str], file: Path) -> None:
    try:
        file.write_text("\n\n".join(chain([HEAD], parties, (f"# {alias}" for alias in areas))) + "\n", encoding="utf-8")
    except OSError as error:
        message = _("The names that are not known could not be written to %(file)s: %(error)s.")
        raise CommandError(message % {"file": file, "error": error.strerror or error}) from None
