"""Who was verified killed or injured: of each group at least how many, and from which sources.

A source is a report of the incident or, in words, an organisation or a publication outside; nobody is named. The totals
that figures read are the sums. There is no most: what is reported at most stands in the reports, and figures read it
there. A number that nobody could establish is empty, never 0, and has its sources as well: they were asked.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from monitoring.errors import NotNow
from violations.models import CasualtySource, Finding, IncidentReport, ReportLink, VerifiedCasualties
from violations.moderation_codes import CasualtySourceKind, Harm, People

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from uuid import UUID

    from violations.decisions import Decision, Faults
    from violations.models import Assessment

MOST_PEOPLE = 100_000  # As many as a report can tell of.
LONGEST_NAME, LONGEST_ADDRESS = 200, 500


@dataclass(frozen=True, kw_only=True)
class Source:
    """A report of the incident by the number of its revision, or what is outside: its kind, name, address and day."""

    kind: str = CasualtySourceKind.REPORT.value
    report: int | None = None
    name: str = ""
    address: str = ""
    dated: date | None = None


@dataclass(frozen=True, kw_only=True)
class Casualties:
    """Of one group of people: at least so many were killed, or injured; None: how many was not established."""

    harm: str
    people: str
    at_least: int | None
    sources: frozenset[Source]


def total(casualties: Iterable[Casualties], harm: str) -> int | None:
    """The verified minimum of all groups together: the sum of what is known; None where nothing is."""
    known = [row.at_least for row in casualties if row.harm == harm and row.at_least is not None]
    return sum(known) if known else None


def totals(casualties: Collection[Casualties]) -> dict[str, int | None]:
    """The totals of a finding, by their columns."""
    return {f"{harm.value}_verified": total(casualties, harm) for harm in Harm}


def said_in(finding: Finding) -> tuple[Casualties, ...]:
    """What a finding says, in the order in which it was written."""
    return tuple(
        Casualties(
            harm=row.harm,
            people=row.people,
            at_least=row.at_least,
            sources=frozenset(
                Source(
                    kind=source.kind,
                    report=source.report_id,
                    name=source.name,
                    address=source.address,
                    dated=source.dated,
                )
                for source in row.sources.all()
            ),
        )
        for row in finding.casualties.order_by("pk").prefetch_related("sources")
    )


def write(finding: Finding, casualties: Iterable[Casualties]) -> None:
    """Write the parts of a finding that was written in this transaction. For `finding_rows` alone."""
    for row in casualties:
        part = VerifiedCasualties.objects.create(
            finding=finding, harm=row.harm, people=row.people, at_least=row.at_least
        )
        CasualtySource.objects.bulk_create(
            CasualtySource(
                casualties=part,
                kind=source.kind,
                report_id=source.report,
                name=source.name,
                address=source.address,
                dated=source.dated,
            )
            for source in sorted(row.sources, key=lambda source: (source.report or 0, source.kind, source.name))
        )


def check(decision: Decision, assessment: Assessment, faults: Faults) -> None:
    """Note what is wrong with the casualties of a decision on the incident of the open `assessment`."""
    groups = Counter((row.harm, row.people) for row in decision.casualties)
    telling = _telling(assessment) if decision.casualties else {}
    for number, row in enumerate(decision.casualties):
        axis = f"casualties/{number}"
        listed = row.harm in Harm.values and row.people in People.values
        faults.unless(listed, axis, _("This code is not in the codebook."))
        faults.unless(
            groups[row.harm, row.people] == 1, axis, _("This group stands twice: give it once, with all its sources.")
        )
        faults.unless(decision.stands, axis, _("Casualties are verified only of what is verified or probable."))
        faults.unless(
            row.at_least is None or 0 <= row.at_least <= MOST_PEOPLE,
            f"{axis}/at_least",
            _("A number of people is 0 or more, and not beyond measure."),
        )
        faults.unless(row.sources, f"{axis}/sources", _("Name a source: a report of the incident, or another."))
        for source in row.sources:
            _source(source, row.harm, telling, assessment, f"{axis}/sources", faults)
    _totals(decision, assessment, faults)


def _totals(decision: Decision, assessment: Assessment, faults: Faults) -> None:
    """The totals are the sums, rest on sources, and are no more than the reports have."""
    for harm, most in ((Harm.KILLED, assessment.killed_high), (Harm.INJURED, assessment.injured_high)):
        axis = f"{harm.value}_verified"
        number = getattr(decision, axis)
        rows = [row for row in decision.casualties if row.harm == harm]
        faults.unless(
            number is None or rows, "casualties", _("Say of which group they were, and from which source it is known.")
        )
        faults.unless(not rows or number == total(rows, harm), axis, _("The total is not the sum of the groups."))
        if number is None:
            continue
        faults.unless(0 <= number <= MOST_PEOPLE, axis, _("A number of people is 0 or more, and not beyond measure."))
        faults.unless(decision.stands, axis, _("Casualties are verified only of what is verified or probable."))
        faults.unless(most is None or number <= most, axis, _("No report has so many."))


def _source(
    source: Source, harm: str, telling: dict[int, set[str]], assessment: Assessment, axis: str, faults: Faults
) -> None:
    faults.unless(source.kind in CasualtySourceKind.values, axis, _("This code is not in the codebook."))
    if source.kind == CasualtySourceKind.REPORT:
        outside = (source.name, source.address, source.dated)
        faults.unless(not any(outside), axis, _("A report is named by its reference alone."))
        faults.unless(source.report in telling, axis, _("Name only reports that belong to the incident."))
        faults.unless(
            harm in telling.get(source.report or 0, {harm}),
            axis,
            _("A report named here tells of nobody who came to this harm."),
        )
        return
    faults.unless(source.report is None, axis, _("Name a report as a report of the incident."))
    faults.unless(
        source.name.strip() and len(source.name) <= LONGEST_NAME,
        axis,
        _("Name the organisation or publication, in at most %(longest)d characters; name no person.")
        % {"longest": LONGEST_NAME},
    )
    well_made = not source.address or source.address.startswith(("http://", "https://"))
    faults.unless(
        well_made and len(source.address) <= LONGEST_ADDRESS,
        axis,
        _("An address begins with https:// and has at most %(longest)d characters.") % {"longest": LONGEST_ADDRESS},
    )
    first = assessment.occurred_from.date() - timedelta(days=1)  # by whatever clock
    faults.unless(source.dated is None or source.dated >= first, axis, _("The source is older than the incident."))
    last = timezone.now().date() + timedelta(days=1)  # by whatever clock, too
    faults.unless(source.dated is None or source.dated <= last, axis, _("The day of the source is still to come."))


def _telling(assessment: Assessment) -> dict[int, set[str]]:
    """The reports of the incident, and of which harm each tells as it is in effect.

    A revision before the one in effect is the same report: a finding that was carried over a correction names it so.
    """
    members = ReportLink.objects.open().members().filter(incident=assessment.incident_id)
    rows = (
        IncidentReport.objects.filter(chain__in=members.values("chain"))
        .annotate(counts=Exists(members.filter(report=OuterRef("pk"))))
        .order_by("-revision")
        .values_list("pk", "chain", "counts", "casualties")
    )
    harms: dict[UUID, set[str]] = {}
    telling: dict[int, set[str]] = {}
    for pk, chain, counts, told in rows:  # the newest first: what is not in effect yet is passed over
        if counts:
            harms[chain] = {harm for harm, groups in told.items() if any(groups.values())}
        if chain in harms:
            telling[pk] = harms[chain]
    return telling


def require_left(incidents: Any) -> None:
    """Raise NotNow where casualties agreed on one of the live `incidents` rest on no report that is left, nor others.

    Asked once an effect took place. A number whose reports all went elsewhere would stand with nothing beneath it.
    """
    here = (
        ReportLink.objects.open()
        .members()
        .filter(chain=OuterRef("report__chain"), incident=OuterRef("casualties__finding__incident"))
    )
    sources = CasualtySource.objects.filter(casualties=OuterRef("pk"))
    outside = sources.exclude(kind=CasualtySourceKind.REPORT)
    left = sources.filter(Exists(here))
    agreed = Finding.objects.open().agreed().filter(incident__in=incidents)
    bare = VerifiedCasualties.objects.filter(~Exists(outside), ~Exists(left), finding__in=agreed)
    if bare.exists():
        raise NotNow(
            _(
                "The agreed finding verifies casualties by a report that would leave the incident, and by no other "
                "source: agree a finding without it first, then propose this again."
            ),
            code="rests_on_it",
        )
