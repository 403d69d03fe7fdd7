"""What whoever writes a client reads first, above the operations of the API."""

from __future__ import annotations

DESCRIPTION = """
Monitors file incident reports, watches and restrictions by a device; guarantors file returns and read their editions.

* **Who asks**: a device speaks for its holder by `Authorization: Token …`; pages of this service by their session.
  Which operations give something depends on the accreditation that the person holds now.
* **What is sent** is JSON in UTF-8, to the address as it stands here, with the slash at its end. Members and
  parameters that an operation does not know are errors.
* **Sent again**: each filing has a `client_id` of the device's own making. The same again under it is answered as the
  first time, for ever; other content under it is 409 and shows the difference.
* **Refusals** are problem details (RFC 9457): a stable `code`, a sentence that says what to do, and of each fault a
  JSON pointer.
* **Lists** come in pages by cursor; `RateLimit` says how many requests an account has left.

How to file, step by step, with examples: `docs/filing-api.md` of this service. Exports: `docs/exports.md`.
""".strip()
