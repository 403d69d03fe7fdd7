"""Whether a file that an operator hands in can be read as text at all; what it says is for its reader to check."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext as _

from monitoring.faults import UnreadableFile

BEGINNING = 512  # bytes that tell
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
ZIP = b"PK\x03\x04"  # what spreadsheets are kept in, too
BLANK = b"\xef\xbb\xbf \t\r\n"


def require_readable(path: Path) -> None:
    """Raise UnreadableFile where `path` is not there, no file, empty, or text in UTF-16."""
    try:
        with path.open("rb") as file:
            beginning = file.read(BEGINNING)
    except FileNotFoundError:
        raise UnreadableFile(path, _("there is no such file; check its name, and the folder that it is in")) from None
    except IsADirectoryError:
        raise UnreadableFile(path, _("this is a folder; name a file in it")) from None
    except OSError as error:
        message = _("this cannot be read: %(error)s") % {"error": error.strerror or error}
        raise UnreadableFile(path, message) from None
    if not beginning.strip(BLANK):
        raise UnreadableFile(path, _("this file is empty; hand in one that holds something"))
    if beginning.startswith(UTF_16_MARKS) or 0 in beginning[:2]:
        raise UnreadableFile(path, _("this is written in UTF-16; save it as UTF-8 (in a spreadsheet: CSV UTF-8)"))


def require_table(path: Path) -> None:
    """Raise UnreadableFile where `path` cannot be read as text, or holds a spreadsheet in the place of a table."""
    require_readable(path)
    with path.open("rb") as file:
        if file.read(len(ZIP)) == ZIP:
            message = _("this is a spreadsheet or an archive; save the table as CSV in UTF-8")
            raise UnreadableFile(path, message)
