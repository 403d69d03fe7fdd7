"""What staff were shown, in the audit: a row for each page of the administration that says something of a truce.

Who looked, at which page, at which object; that they searched, not for what. A person's own reports are shown to them
by the API, and that leaves none: beside the identifier of a report it would say who filed it.
"""

from __future__ import annotations

from django.http import HttpRequest

from monitoring import accreditation, audit
from monitoring.accreditation import Capacity
from monitoring.admission import admission_on
from monitoring.models import Agreement

ROOMS = ("monitoring", "violations", "reports")
# How the pages of a table are called in the audit; any other is a form that was opened.
CALLED = {"changelist": "list", "change": "view"}
# What is asked of a list beside words to search for: which page, in which order, which view.
NO_SEARCH = {"p", "o", "e", "page", "view", "before", "after", "all"}
# Where a duty officer files: a row beside the instant of a filing would say whose it is.
WHERE_ONE_FILES = {("dutycheck", "file"), ("dutycheck", "file_hours"), ("dutycheck", "filed")}


def looked(request: HttpRequest) -> None:
    """Record that the person is shown a page. Where that cannot be written, the page is not shown."""
    match = request.resolver_match
    room, _between, page = (match.url_name or "").partition("_") if match else ("", "", "")
    if room not in ROOMS or getattr(request, "_taken", False):
        return
    kind, _between, which = page.partition("_")
    if (kind, which) in WHERE_ONE_FILES:
        return
    called = CALLED.get(which, f"{which}.look")
    if which == "changelist" and any(value and name not in NO_SEARCH for name, value in request.GET.items()):
        called = "search"
    on = getattr(request, "_opened", None)
    agreement = on if isinstance(on, Agreement) else getattr(on, "agreement", None) or _the_one_agreement(request)
    audit.done(f"{kind}.{called}", by=request.user, on=on, agreement=agreement)


def _the_one_agreement(request: HttpRequest) -> Agreement | None:
    """The agreement of whoever holds roles in one alone; not asked again where the page asked for all their roles."""
    capacities: dict[str, dict[int, Capacity]] = request.__dict__.get("_capacities", {})
    if not admission_on(request).roles <= capacities.keys():
        return accreditation.the_one_agreement(request.user)
    found = {pk: held.accreditation.agreement for asked in capacities.values() for pk, held in asked.items()}
    return next(iter(found.values())) if len(found) == 1 else None
