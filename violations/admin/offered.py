"""Reports and findings as pages show them, with what can be done about each now. The verbs decide; this foretells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring.accreditation import Capacity
from violations import agenda, codebook, standing
from violations.admin import axes, words
from violations.admin.case import Case
from violations.admin.chains import Chain
from violations.codebook import ReviewState as State
from violations.models import Dissent, Finding, IncidentReport, Redaction
from violations.moderation_codes import Lane

TEAM_KINDS = {
    "guarantor": gettext_lazy("a guarantor's team"),
    "joint": gettext_lazy("a joint team"),
    "independent": gettext_lazy("an independent team"),
    "": gettext_lazy("imported"),
}
# The keys of what is done often.
KEYS = {"take": "t", "accept": "e", "link": "l", "return": "r", "ask": "w", "reopen": "o"}


@dataclass(frozen=True)
class Action:
    """Something that can be done: a page to open, or, where `post`, a button that does it; `key` does it, too."""

    name: str
    address: str
    post: bool = False
    key: str = ""


def actions(chain: Chain, *, routine: bool = False) -> list[Action]:
    """What the state of a report allows, the likeliest first. What is `routine` is decided by accepting its report."""
    state = chain.state
    done: list[Action] = []
    if state in {State.SUBMITTED, State.AWAITING_REPLY} and not chain.with_duty:
        done.append(_action(chain, "take", _("Take under review"), post=True))
    if state == State.UNDER_REVIEW or (state == State.SUBMITTED and not chain.with_duty):
        done += [
            _action(chain, "accept", _("Accept: it tells of this incident"), post=True, key="a" if routine else ""),
            _action(chain, "link", _("Link to another incident")),
            _action(chain, "return", _("Return with a question")),
            _action(chain, "ask", _("Ask its filer")),
            _action(chain, "await_reply", _("Await a reply of the side concerned")),
        ]
    if state in {State.LINKED, State.DUPLICATE}:
        done.append(_action(chain, "reopen", _("Open the review again")))
    if chain.undoable:
        done.append(_action(chain, "take_back", _("Take a link back")))
    if chain.waits_for_effect == Finding.Effect.CORRECTION:
        done.append(_action(chain, "effect", _("Propose that the correction takes effect")))
    if chain.waits_for_effect == Finding.Effect.WITHDRAWAL:
        done.append(_action(chain, "effect", _("Propose that it leaves the incident")))
    return done


def _action(chain: Chain, what: str, name: str, *, post: bool = False, key: str = "") -> Action:
    address = reverse(f"admin:violations_incidentreport_{what}", args=[chain.newest.public_id])
    return Action(name, address, post, key or KEYS.get(what, ""))


def report_view(case: Case, chain: Chain) -> dict[str, Any]:
    """A report in all its revisions, the newest whole, the ones before beneath it."""
    return {
        "chain": chain,
        "reference": words.reference(chain.newest.public_id),
        "address": reverse("admin:violations_incidentreport_change", args=[chain.newest.public_id]),
        "state": chain.state.label,
        "grades": graded(chain.newest),
        "grade": reverse("admin:violations_incidentreport_grade", args=[chain.newest.public_id]),
        "actions": [] if case.at else actions(chain, routine=getattr(case.assessment, "lane", "") == Lane.ROUTINE),
        "team": _filer(chain),
        "question": chain.question,
        "asked": [
            {
                "when": words.instant(asked.recorded_at, case.zone),
                "question": asked.question,
                "answer": getattr(asked, "answer", None),
            }
            for asked in chain.asked
        ],
        "waits_for_effect": chain.waits_for_effect,
        "with_duty": chain.with_duty,
        "kind": chain.link.get_kind_display() if chain.link else "",
        "newest": filed(case, chain.newest),
        "earlier": [filed(case, report) for report in reversed(chain.revisions[:-1])],
        "in_effect": chain.in_effect,
        "steps": [
            {
                "when": words.instant(step.recorded_at, case.zone),
                "state": State(step.state).label,
                "who": step.by.get_username() if step.by else _("its filer"),
                "grounds": step.grounds,
            }
            for step in chain.steps
        ],
        "reveal": reverse("admin:violations_incidentreport_reveal", args=[chain.newest.public_id]),
    }


def graded(report: Any) -> str:
    """The grades of a revision, and by what it has them: "B2, given by its team and means"."""
    grades = f"{report.source_grade}{report.information_grade}"
    if report.graded:
        return _("%(grades)s, given by a moderator") % {"grades": grades}
    return _("%(grades)s, given by its team and means") % {"grades": grades}


def _filer(chain: Chain) -> str:
    """Who filed: what kind of team, or which party whose word it is; and how it came, where it was told to others."""
    report = chain.newest
    if report.told_by is not None:
        return _("the liaison of %(party)s, as its own word") % {"party": report.told_by.name}
    team = TEAM_KINDS[chain.team_kind]
    if not report.channel:
        return str(team)
    return _("the duty officer of %(team)s, %(channel)s") % {"team": team, "channel": report.get_channel_display()}


def filed(case: Case, report: IncidentReport) -> dict[str, Any]:
    """One revision as filed, a name and a value each, and what was not filed."""
    rows = [
        (_("Happened"), words.occurred(report.occurred_from, report.occurred_until, report.time_precision, case.zone)),
        (_("Time known to"), report.get_time_precision_display()),
        (_("Act"), report.get_act_display()),
        (_("Weapon"), weapon(report)),
        (_("Objects hit"), _labels(codebook.ObjectHit, report.objects_hit)),
        (_("Observed"), report.get_means_display()),
        (_("Counted"), _counted(report)),
        (_("Of it, observed"), ", ".join(filter(None, (report.get_observed_display(), report.get_phase_display())))),
        (_("Observed from"), words.observer(report.sighting)),
        (_("In the direction"), words.directions(report.sighting)),
        (_("Place as written"), report.place_as_written),
        (_("Area as named"), report.stated_area.name if report.stated_area else ""),
        (_("Place known to"), report.get_place_precision_display()),
        (_("Consent of the source"), report.get_consent_display()),
        (_("Imported from"), f"{report.source} {report.external_id}" if report.source else ""),
        (_("Noticed at import"), _labels(codebook.Noticed, report.noticed)),
    ]
    return {
        "report": report,
        "revision": report.revision,
        "recorded": words.instant(report.recorded_at, case.zone),
        "redacted": [_redacted(case, told) for told in report.redacted],  # type: ignore[attr-defined]
        "rows": [row for row in rows if row[1]],
        "not_filed": ", ".join(name for name, value in rows if not value).lower(),
        "casualties": words.casualties(report.casualties) or [_("none known")],
        "parties": [
            {
                "role": row.get_role_display(),
                "as_written": row.as_written,
                "party": row.party.name if row.party else _("not known to the mechanism file"),
                "standing": _standing_of(case, row.party_id),
            }
            for row in report.parties.all()
        ],
    }


def _redacted(case: Case, told: dict[str, Any]) -> dict[str, str]:
    """What was erased on request: which words, when, why."""
    return {
        "parts": _labels(Redaction.Part, told["erased"]),
        "when": words.instant(datetime.fromisoformat(told["at"]), case.zone),
        "reason": str(Redaction.Reason(told["reason"]).label),
        "grounds": told["grounds"],
    }


def _standing_of(case: Case, party_id: int | None) -> str:
    """The side of a party, by the version in force."""
    terms = case.names.terms.get(party_id or 0)
    return words.side(terms.side) if terms and terms.side else ""


def weapon(report: IncidentReport) -> str:
    """With what, as seen or assessed."""
    parts = [report.get_weapon_family_display(), f"{report.calibre_mm} mm" if report.calibre_mm else ""]
    parts.append(_("assessed, not seen") if report.weapon_assessed else "")
    return ", ".join(str(part) for part in parts if part)


def _counted(report: IncidentReport) -> str:
    if report.count is None and not report.count_qualifier:
        return ""
    counted = " ".join(str(part) for part in (report.get_count_qualifier_display(), report.count) if part is not None)
    return _("%(counted)s (unit: %(unit)s)") % {"counted": counted, "unit": report.get_count_unit_display()}


def _labels(choices: Any, codes: list[str]) -> str:
    return ", ".join(str(choices(code).label) for code in codes)


def scope_in_words(case: Case) -> list[str]:
    """Every reason of the computed scope, a sentence each: which class, and of whom it comes."""
    row = case.assessment
    if row is None:
        return []
    parties = {terms.party.code: terms.party.name for terms in case.names.terms.values()}
    said = []
    for reason in row.scope_reasons:
        label = str(codebook.Scope(reason["class"]).label)
        if reason.get("role"):
            known = parties.get(reason.get("party") or "", reason.get("party"))
            said.append(
                _("%(class)s: %(party)s, %(role)s, written “%(as_written)s”")
                % {
                    "class": label,
                    "party": known or _("a party not known"),
                    "role": codebook.Role(reason["role"]).label,
                    "as_written": reason.get("as_written") or "",
                }
            )
        elif reason["class"] == codebook.Scope.NOT_ASSESSED:
            said.append(_("%(class)s: the report names no party") % {"class": label})
        else:
            said.append(label)
    return said


def finding_view(case: Case, finding: Finding, capacity: Capacity) -> dict[str, Any]:
    """A finding or proposal: its axes beside what is agreed, dissent, who stands behind it, what can be done."""
    proposed = finding.standing == codebook.Standing.PROPOSED
    before = case.agreed if proposed else None
    not_fresh = _not_fresh(finding) if proposed else ""
    own = finding.proposed_by_id == case.user.pk
    allowed = standing.may_agree(finding.proposed_side, capacity.side) and not own
    dissented = any(dissent.by_id == case.user.pk for dissent in finding.dissents.all())
    return {
        "finding": finding,
        "proposed": proposed,
        "what": axes.EFFECTS[Finding.Effect(finding.effect)],
        "by_a_sitting": finding.standing == codebook.Standing.DETERMINED and finding.effect == Finding.Effect.FINDING,
        "is_grave": getattr(case.assessment, "lane", "") == Lane.GRAVE,
        "is_axes": finding.effect == Finding.Effect.FINDING,
        "axes": axes.compared(finding, before, case.assessment),
        "compares": before is not None,
        "proposer": f"{finding.proposed_by.get_username()} ({words.side(finding.proposed_side)})",
        "seconder": f"{finding.seconded_by.get_username()} ({words.side(finding.seconded_side)})"
        if finding.seconded_by
        else "",
        "recorded": words.instant(finding.recorded_at, case.zone),
        "who_seconds": words.who_seconds(finding.proposed_side),
        "deadline": words.deadline(finding, case.zone, case.version.seconding_days, case.at),
        "fresh": not not_fresh,
        "not_fresh": not_fresh,
        "may_second": proposed and allowed and not not_fresh and not case.at,
        "may_not": ""
        if allowed or case.at
        else _("You proposed this.")
        if own
        else _("This was proposed from your own side."),
        "may_dissent": not dissented and not own and not case.at,
        "dissents": [_dissent_view(case, dissent) for dissent in finding.dissents.all()],
        "dissents_before": [_dissent_view(case, dissent) for dissent in case.dissents_before(finding)],
        "reference": words.reference(finding.public_id),
        "address": reverse("admin:violations_finding_change", args=[finding.public_id]),
        "second": reverse("admin:violations_finding_second", args=[finding.public_id]),
        "dissent": reverse("admin:violations_finding_dissent", args=[finding.public_id]),
        "effect_report": words.reference(finding.effect_report.public_id) if finding.effect_report else "",
        "effect_incident": words.reference(finding.effect_incident.public_id) if finding.effect_incident else "",
    }


def _dissent_view(case: Case, dissent: Dissent) -> dict[str, str]:
    return {
        "who": f"{dissent.by.get_username()} ({words.side(dissent.side)})",
        "when": words.instant(dissent.recorded_at, case.zone),
        "grounds": dissent.grounds,
    }


def _not_fresh(proposal: Any) -> str:
    """Why an open proposal, read `with_freshness`, cannot be seconded as it is, whoever asks; '' where it can."""
    if not proposal.unchanged:
        return _(
            "Something was agreed or a report moved since it was made: it cannot be seconded as it is, its side may "
            "propose again."
        )
    return str(agenda.WHY_NOT[proposal.refused_as]) if proposal.refused_as else ""
