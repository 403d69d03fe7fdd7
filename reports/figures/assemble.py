"""The content of a closing: its sections computed, assembled and hashed, in this one place.

`content_sha256` is the hash of the head: truce, period, unit, codebook, and the hash of each common section. What
stands beside (names, number, cut-off, changes, annex, map) has hashes of its own and decides nothing. A section's
function stays here, under its code and version, while a closing uses it: a published figure is recomputed by the
function that gave it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from monitoring import canonical
from reports.figures import (
    accessions,
    annex,
    cases,
    changes,
    charts,
    choices,
    comparison,
    concerns,
    corrigenda,
    effort,
    geometry,
    header,
    incidents,
    labels,
    ledgers,
    out_of_scope,
    registrations,
    replies,
    reservations,
    steps,
)
from reports.models import PeriodKind
from violations import codebook

if TYPE_CHECKING:
    from monitoring.models import GuarantorTerm
    from reports.figures.known import Known
    from reports.models import Closing

SCHEMA = 1

Section = tuple[str, int]

# Every version of every section that a closing may have been computed with.
FUNCTIONS: dict[Section, Callable[[Known], dict[str, Any]]] = {
    ("ledgers", 1): ledgers.section_1,
    ("ledgers", 2): ledgers.section,
    ("incidents", 1): incidents.section,
    ("out_of_scope", 1): out_of_scope.section_1,
    ("out_of_scope", 2): out_of_scope.section,
    ("effort", 1): effort.section,
    ("comparison", 1): comparison.section,
    ("replies", 1): replies.section,
    ("accessions", 1): accessions.section,
    ("choices", 1): choices.section,
    ("charts", 1): charts.section,
    ("registrations", 1): registrations.section,
    ("reservations", 1): reservations.section_1,
    ("reservations", 2): reservations.section,
}
# Those of a closing computed now, by the kind of its period, in the order of the report.
CURRENT: dict[str, tuple[Section, ...]] = {
    PeriodKind.DAY: (("ledgers", 1), ("registrations", 1)),
    PeriodKind.MONTH: (
        ("ledgers", 2),
        ("incidents", 1),
        ("out_of_scope", 2),
        ("effort", 1),
        ("comparison", 1),
        ("replies", 1),
        ("accessions", 1),
        ("choices", 1),
        ("charts", 1),
        ("reservations", 2),
    ),
}
# A week's report is that of a month, only earlier.
CURRENT[PeriodKind.WEEK] = CURRENT[PeriodKind.MONTH]

# What stands beside the hash and can be computed again, and what concerns one guarantor: by a version of its own where
# it bears one (`version`), else by the section whose version says how its incidents are told.
BESIDE: dict[str, dict[Section, Callable[[Known], dict[str, Any]]]] = {
    "cases": {("cases", 1): cases.section},
    "annex": {("incidents", 1): annex.annex_1, ("annex", 2): annex.annex_2, ("annex", 3): annex.annex},
    "corrigenda": {("corrigenda", 1): corrigenda.section},
    "map": {("incidents", 1): geometry.geometry},
}
EDITIONS: dict[Section, Callable[[Known, Closing, GuarantorTerm, str], dict[str, Any]]] = {
    ("incidents", 1): concerns.edition_1,
    ("registrations", 1): concerns.edition_1,
    ("edition", 2): concerns.edition,
}


class RetiredError(Exception):
    """A section's function is no longer in the code: of such a closing only the stored hash can be shown."""


@dataclass(frozen=True)
class Figures:
    """The common figures of a period as known at a cut-off: what the content hash covers."""

    head: dict[str, Any]
    sections: dict[str, Any]

    @property
    def sha256(self) -> str:
        """The content hash, the same in all capitals."""
        return canonical.sha256(self.head)


def figures(
    known: Known, *, sections: Iterable[Section] | None = None, codebook_version: int = codebook.VERSION
) -> Figures:
    """Compute the common figures: `sections`, or those that a period of this kind has now.

    Raises RetiredError where the code of a section is gone.
    """
    wanted = list(CURRENT[known.period.kind] if sections is None else sections)
    retired = [code for code, version in wanted if (code, version) not in FUNCTIONS]
    if retired:
        raise RetiredError(", ".join(retired))
    computed = {code: known.once(FUNCTIONS[code, version]) for code, version in wanted}
    period = known.period
    head = {
        "agreement": known.agreement.code,
        "simulated": known.agreement.simulated,
        "period": {
            "kind": str(period.kind),
            "code": period.code,
            "from": canonical.instant(period.starts_at),
            "until": canonical.instant(period.ends_at),
        },
        "unit": known.version.unit_of_count,
        "codebook": codebook_version,
        "sections": [
            {"code": code, "version": version, "sha256": canonical.sha256(computed[code])} for code, version in wanted
        ],
    }
    return Figures(head, computed)


def content(
    known: Known, common: Figures, *, closing: Closing, number: int, previous: Closing | None
) -> dict[str, Any]:
    """Return the whole content of `closing`, the common figures and what stands beside them.

    Beside a day stand no steps, annex and map: they would tell of findings and of each incident.
    """
    beside = {
        "header": header.header(known, closing, number),
        "changes": changes.changes(known, common.sections, previous),
        "labels": labels.labels(known),
    }
    if known.period.kind != PeriodKind.DAY:
        beside |= {
            "cases": cases.section(known),
            "corrigenda": corrigenda.section(known),
            "steps": steps.steps(known, closing),
            "annex": annex.annex(known),
            "map": geometry.geometry(known),
        }
    return {
        "schema": SCHEMA,
        "head": common.head,
        "sections": common.sections,
        "beside": beside,
        "beside_sha256": {code: canonical.sha256(part) for code, part in beside.items()},
    }
