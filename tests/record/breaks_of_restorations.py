"""Of restores, and of what two people said to be lost by them."""

from __future__ import annotations

from tests.record.breaking import broken_by

OF_RESTORATIONS = (
    broken_by("releases_known", "delete from reports_lostrelease where resumption_id = {resumption}"),
    broken_by(
        "releases_known",
        "update reports_lostrelease set number = number + 1 where resumption_id = {resumption}",
    ),
    broken_by(
        "releases_known",
        "update reports_restoration set witnessed = false",
    ),
    broken_by("restorations_audited", "delete from monitoring_auditentry where action = 'restoration.note'"),
    broken_by("restorations_audited", "delete from monitoring_auditentry where action = 'resumption.propose'"),
    broken_by("restorations_audited", "delete from monitoring_auditentry where action = 'resumption.second'"),
)
