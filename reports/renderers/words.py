"""The names, in the reader's language, of the codes that a content holds; what was told to us is named in the content.

`WORDS[kind][code]` is lazily translated; kinds that the codebook of violations defines are taken from there.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from violations import codebook, reply_codes

COLUMNS = {
    "discounted": _("Discounted"),
    "outside_period": _("Outside the period"),
    "outside_area": _("Outside the area"),
    "excluded_designated": _("Designated group"),
    "excluded_non_signatory": _("Non-signatory"),
    "scope_disputed": _("Scope disputed"),
    "one_sided": _("One-sided"),
    "pending": _("Pending"),
    "probable_data_set": _("Probable (data set)"),
    "scope_not_assessed": _("Scope not assessed"),
    "conduct_undetermined": _("Conduct undetermined"),
    "no_breach": _("No breach"),
    "no_provision": _("No provision"),
    "violations_determined": _("Determined"),
    "violations_preliminary": _("Preliminary"),
}
OUT_OF_SCOPE = ("outside_period", "outside_area", "excluded_designated", "excluded_non_signatory")
SUBTOTALS = {"verified": _("Verified"), "in_scope": _("In scope"), "violations": _("Violations")}

# What each column holds, for the key; in the order in which an incident is tried.
MEANINGS = {
    "discounted": _("checked; it did not happen so"),
    "out_of_scope": _("the truce does not apply there, then, or to those concerned; the reason is given"),
    "scope_disputed": _("whether the truce applies is contested, by its texts or its lines"),
    "one_sided": _("one side proposed a finding and no other side seconded it in time; it is in no total"),
    "pending": _("no agreed finding yet, not checked, or inconclusive"),
    "probable_data_set": _("known from an imported data set alone; it is in no total"),
    "scope_not_assessed": _("no party is named, or one whose standing under the truce is not known"),
    "conduct_undetermined": _("it stands and is in scope; whether it was a breach is not determined"),
    "no_breach": _("it stands and was no breach: demining, an accident, a permitted exercise, celebratory fire"),
    "no_provision": _("no provision in force forbids that act to the party concerned"),
    "violations": _("verified or probable, in scope, and in breach of a provision that binds the party"),
}

UNITS = {  # what is counted, in the plural, as a unit of measure
    "explosion": _("explosions"),
    "burst": _("bursts"),
    "shot": _("shots"),
    "case_of_fire": _("cases of opening fire"),
    "incident": _("incidents"),
}
UNITS_COUNTED = {  # so many of them: `number` says which form, `count` is how it is written
    "explosion": ngettext_lazy("%(count)s explosion", "%(count)s explosions", "number"),
    "burst": ngettext_lazy("%(count)s burst", "%(count)s bursts", "number"),
    "shot": ngettext_lazy("%(count)s shot", "%(count)s shots", "number"),
    "case_of_fire": ngettext_lazy("%(count)s case of opening fire", "%(count)s cases of opening fire", "number"),
    "incident": ngettext_lazy("%(count)s incident", "%(count)s incidents", "number"),
}

# Two lists of cases beside one another: what becomes of a case, and in what a pair can differ.
IN_LISTS = {
    "cases": _("cases listed"),
    "agreed": _("agreed"),
    "differing": _("differing"),
    "undecided": _("undecided"),
    "only_there": _("only there"),
}
CASE_FIELDS = {
    "time": _("time"),
    "place": _("place"),
    "act": _("act"),
    "alleged": _("party alleged"),
    "killed": _("killed"),
    "injured": _("injured"),
}

WORDS: dict[str, dict[Any, Any]] = {
    "act": dict(codebook.Act.choices),
    "attribution": dict(codebook.Attribution.choices),
    "age": {
        "all": _("All"),
        "days_0_7": _("up to 7 days"),
        "days_8_30": _("8 to 30 days"),
        "days_31_90": _("31 to 90 days"),
        "days_91_more": _("over 90 days"),
    },
    "basis_of_finding": dict(codebook.Basis.choices),
    "column": COLUMNS,
    "conduct": dict(codebook.Conduct.choices),
    "confidence": {**dict(codebook.Confidence.choices), "none": _("not stated")},
    "counted": {"breaches": _("breaches"), "killed": _("persons killed")},
    "ledger_day": dict(codebook.LedgerDay.choices),
    "object": dict(codebook.ObjectHit.choices),
    "scope": {**dict(codebook.Scope.choices)},
    "subtotal": SUBTOTALS,
    "time_precision": dict(codebook.TimePrecision.choices),
    "unit": UNITS,
    "verification": dict(codebook.Verification.choices),
    "weapon": dict(codebook.WeaponFamily.choices),
    "addressee": {
        "guarantor": _("a guarantor, for itself"),
        "through": _("a guarantor, for a party that it answers for"),
        "party": _("Parties, through their liaisons"),
        "parties": _("Parties, together"),
    },
    "adherence": {
        "signatory": _("signatory"),
        "declared": _("declared"),
        "bound_through": _("bound through another"),
        "non_signatory": _("non-signatory"),
        "designated": _("designated"),
        "disputed": _("disputed"),
    },
    "breakdown": {"complete": _("complete"), "partial": _("partial"), "none": pgettext_lazy("breakdown", "none")},
    "dated": {
        "day": pgettext_lazy("dated", "to the day"),
        "not_dated_to_the_day": _("Not dated to the day"),
        "across_the_edge": _("Across the edge of the period"),
    },
    "forces": {
        "parties": _("armed actors of the side"),
        "guarantor_forces": _("guarantors' own forces"),
        "involved": _("Involved, no direction known"),
        "not_named": _("No party alleged or found"),
        "not_attributable": _("Found not attributable"),
        "contested": _("Attribution contested"),
    },
    "group": {
        "guarantor_forces": _("Guarantors' own forces"),
        "undertaken": _("Parties that a guarantor has undertaken for"),
        "not_undertaken": _("Parties that nobody has undertaken for"),
        "involved": _("Involved, no direction known"),
        "not_named": _("No party alleged or found"),
        "not_attributable": _("Found not attributable"),
        "contested": _("Attribution contested"),
    },
    "instrument_kind": {"adopted": _("adopted"), "proposed": _("proposed"), "rival": _("rival text")},
    "level": {
        "grouping": _("grouping"),
        "governorate": _("governorate"),
        "district": _("district"),
        "subdistrict": _("subdistrict"),
    },
    "measure_state": dict(reply_codes.MeasureState.choices),
    "measure": {"registered": _("Registered incidents"), "violations": _("Violations")},
    "on_kind": {
        "agreement": _("the truce"),
        "guarantor": _("guarantor"),
        "observer": _("observer"),
        "instrument": _("instrument"),
        "provision": _("provision"),
        "party": _("party"),
        "zone": _("zone"),
        "adherence": _("adherence"),
    },
    "party_kind": {
        "state_forces": _("state forces"),
        "allied_forces": _("allied armed forces"),
        "armed_group": _("armed group"),
        "guarantor_forces": _("a guarantor's own forces"),
        "umbrella": _("umbrella name"),
        "unknown": _("unknown"),
    },
    "reply": {
        "asked": _("asked"),
        "in_time": _("in time"),
        "late": _("late"),
        "outstanding": _("outstanding"),
        "open": _("open"),
        "withdrawn": _("withdrawn"),
    },
    "role_in_incident": {
        "concerned": _("as the party concerned"),
        "alleged": _("as the party alleged"),
        "target": _("as the party acted against"),
        "involved": _("as involved, no direction known"),
    },
    "role": {
        "monitor": _("monitors"),
        "duty_officer": _("duty officers, of what others told"),
        "liaison": _("parties' liaisons"),
        "moderator": _("moderators"),
        "operator": _("operators"),
        "guarantor": _("guarantors' people"),
        "calendar": _("the calendar"),
        "system": _("the service"),
    },
    "span_basis": {"stated": _("as the source states them"), "derived": _("derived from the wording")},
    "statement": dict(reply_codes.Statement.choices),
    "standing": {
        "none": _("no finding"),
        "one_sided": _("one-sided proposal"),
        "proposed": _("proposed"),
        "preliminary": _("preliminary"),
        "determined": _("determined"),
        "data_set": _("data set"),
    },
    "step": {
        "report_filed": _("Incident reports filed"),
        "report_corrected": _("Incident reports corrected"),
        "report_imported": _("Incident reports imported from a data set"),
        "report_imported_anew": _("Imported incident reports told otherwise, or read anew"),
        "report_withdrawn": _("Incident reports withdrawn"),
        "report_linked": _("Incident reports linked to an incident"),
        "report_returned": _("Incident reports returned with a question"),
        "finding_proposed": _("Findings proposed"),
        "finding_agreed": _("Findings agreed"),
        "set_proposed": _("Data sets proposed to be taken as probable, whole"),
        "set_seconded": _("Data sets accepted as probable, whole: the proposal seconded"),
        "set_taken": _("Incidents taken as probable by rule, as an accepted data set tells them"),
        "dissent": _("Dissents recorded"),
        "return_recorded": _("Daily returns recorded"),
        "return_acknowledged": _("Daily returns acknowledged by the owner of the ledger"),
        "effort_recorded": _("Patrols, posts, watches and restrictions of movement filed"),
        "figure_recorded": _("Figures of third parties recorded"),
        "request_put": _("Requests for information put"),
        "request_withdrawn": _("Requests for information withdrawn"),
        "request_answered": _("Answers to requests recorded, corrections included"),
        "statement_told": _("Statements told by a guarantor to the others"),
        "measure_recorded": _("Measures recorded, as agreed elsewhere"),
        "measure_followed": _("Steps of the follow-up of measures recorded"),
        "choice_proposed": _("Events of concern and improvements proposed, of those agreed on"),
        "choice_agreed": _("Events of concern and improvements agreed on"),
        "choice_withdrawn": _("Events of concern and improvements taken back after they were agreed on"),
        "mechanism_recorded": _("Versions of the mechanism file recorded"),
        "boundaries_recorded": _("Boundary sets recorded"),
        "period_ended": _("The period ended"),
        "grace_ended": _("The time allowed for late filing ended"),
        "requested": _("The closing was requested"),
        "cut_off": _("The record was read as known at this instant"),
    },
    "team_kind": {
        "guarantor": _("Teams of a state not guarantor then"),
        "joint": _("Joint teams"),
        "independent": _("Independent teams"),
        "none": _("Imported, no team"),
        "party": _("Parties' own word, by their liaisons"),
    },
    "undertaking": {
        "undertaken": _("has undertaken"),
        "attributed_by_others": _("attributed to it by others"),
        "contested": _("contested"),
        "inferred": _("inferred"),
    },
    "patrol_kind": {"patrol": _("patrols"), "post": _("fixed posts"), "watch": _("watches with a log")},
    "effort_team": {
        "guarantor": _("Teams of guarantors"),
        "joint": _("Joint teams"),
        "independent": _("Independent teams"),
    },
    "observed": {
        "explosion": _("explosions"),
        "burst": _("bursts"),
        "shot": _("shots"),
        "projectile_in_flight": _("projectiles in flight"),
        "muzzle_flash": _("muzzle flashes"),
        "illumination_flare": _("illumination flares"),
        "impact": _("impacts"),
        "airburst": _("airbursts"),
    },
    "restriction_kind": {"denied": _("denied"), "delayed": _("delayed"), "conditional": _("allowed on conditions")},
    "yes": {True: pgettext_lazy("answer", "yes"), False: pgettext_lazy("answer", "no")},
}
