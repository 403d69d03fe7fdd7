"""What a content says by a code and a report in a sentence: not recorded, not shown, how to verify, why no total."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

# Why a ledger has no total.
NO_TOTAL = {
    "none_due": _("No total: no return was due."),
    "days_not_held": _("No total: not every day is held, and no sum is made over days that are not there."),
    "contradicted": _("No total: returns contradict each other."),
    "units_differ": _("No total: the returns are in different units."),
}
# The same, short, for a cell.
NO_TOTAL_SHORT = {
    "none_due": _("none due"),
    "days_not_held": _("no total: days not held"),
    "contradicted": _("no total: contradicted"),
    "units_differ": _("no total: units differ"),
}
# Why two periods, or one measure of them, are not compared.
NO_COMPARISON = {
    "first_period": _("No comparable previous period: this is the first of the truce."),
    "truce_in_part": _(
        "No comparable previous period: in this one, or in the one before, the truce was in force for a part only."
    ),
}
NOT_COMPARED = {
    "sources_differ": _("not compared: a data set tells of one of the periods and not of the other"),
    "rules_changed": _(
        "not compared: a text, a provision, how a party is bound, or a line began or ended within the two periods"
    ),
    "none_due": _("not compared: no return was due"),
    "days_not_held": _("not compared: not every day of both periods is held"),
    "contradicted": _("not compared: returns contradict each other"),
    "units_differ": _("not compared: the returns are in different units"),
    "too_few": _("too few to compare"),
    "none_in_either": _("none in either period"),
}
NOT_RECORDED = {
    "monitoring_coverage": _("what was monitored, and what was not"),
    "refused_access": _("how often access was refused"),
    "determinations_on_earlier": _("determinations in this period on earlier incidents"),
    "ageing": _("cases opened, closed and pending, by age"),
    "restrictions_of_movement": _("restrictions of movement"),
    "effort": _("patrols and observation effort; therefore no rates"),
    "previous_period": _("change against the previous period"),
    "replies": _("replies requested, received and outstanding"),
    "statements": _("statements of guarantors on incidents"),
    "measures": _("measures taken"),
    "accessions": _("groups and settlements that joined"),
    "third_party_figures": _("figures of third parties"),
    "events_of_concern": _("events of concern, which two people of different sides would choose"),
    "improvements": _("improvements, which two people of different sides would choose"),
    "information_requests": _("requests for information open to a guarantor"),
}

# Of what the header says is not in it: an earlier report was made before that was recorded, a day's is without it.
NOT_RECORDED_THEN = _("Not recorded by this service when this report was made, and therefore not zero: %(what)s.")
NOT_TOLD_OF_A_DAY = _(
    "Not told in the report of a day, and therefore not zero: %(what)s. The report of the month tells it."
)
OTHER_DEFINITIONS = _(
    "A third party counts by a definition, sources and an area of its own. What it calls a breach is not what is "
    "registered, verified or found here, nor what a guarantor announces; its spans are its own and mostly cumulative. "
    "Its figures therefore stand beside: they enter no total, and no difference to any figure of this report is taken."
)
NOT_SHOWN = {
    "all_incidents_were_reported": _(
        "That all incidents were reported. A day or an area without incidents may be one that nobody observed."
    ),
    "status_recognition_boundaries": _(
        "Any position on the status, recognition or boundaries of any territory, authority or party."
    ),
    "truth_of_a_report": _("That what a report alleges is true. Only agreed findings say what stands."),
    "narrative_and_sources": _(
        "Narratives, sources and those who observed: they are kept apart and are not part of any edition."
    ),
    "findings_and_attribution": _(
        "What was found, by whom it was done and whether it broke the truce: the report of the month has that."
    ),
    "registered_later": _(
        "What was filed, corrected or withdrawn after the cut-off: this report is not issued again, and the report of "
        "the month counts it."
    ),
    "counted_in_the_month": _(
        "What was filed, decided, corrected or withdrawn after the cut-off: this report is preliminary and not issued "
        "again, and the report of the month, which is the reference, counts it."
    ),
    "recent_incidents_in_annex": _(
        "Incidents younger than the delay that the truce sets: they are in the totals and not in the annex."
    ),
    "annex_after_cutoff": _(
        "What became of an incident after the cut-off. The list in the annex is as known at the cut-off; a change "
        "there that moves no figure makes no new report, and whoever asks for one is answered by this."
    ),
}
# Where the truce does not publish who fired.
WITHHELD = {
    "binding": _(
        "Where each incident stands and which provisions it breached is withheld here: this truce does not publish who "
        "fired, and how its texts bind the parties would tell. It is told whether an incident was discounted or lies "
        "outside the truce's period or area; the tables count all incidents in their columns."
    ),
    "of_an_incident": _("withheld"),
    "whose_adherence": _("how a party is bound; which is withheld"),
}
VERIFY = {
    "same_hash_in_all_capitals": _(
        "Compare the content hash with that in the other guarantors' editions: it is the same in all capitals."
    ),
    "recompute_head": _(
        "In the JSON rendition, the content hash is the SHA-256 over the canonical JSON of closing.head."
    ),
    "recompute_sections": _(
        "The head lists the SHA-256 of each common section, taken over the section's canonical JSON; beside_sha256 "
        "does the same for what stands beside."
    ),
    "verify_closings": _(
        "The operator's command verify_closings computes the figures again from the record as known at the cut-off "
        "and says whether the hash is the same."
    ),
}
