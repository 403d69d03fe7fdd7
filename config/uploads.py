"""How much a form may carry: no more than is asked for anywhere, refused before any of it is written down."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

# The largest file that a page takes is 1 MiB (reports.case_list_form); the rest of its form is small.
LARGEST = 2 * 1024 * 1024


class Bounded(FileUploadHandler):
    """Asked before the handlers that keep files; Django bounds what a form carries beside files, not the files."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 - Django's name
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        """Refuse a form that is too large as a whole. Raises RequestDataTooBig."""
        if content_length > LARGEST:
            raise RequestDataTooBig

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Leave it to the next handler."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave it to the next handler."""
