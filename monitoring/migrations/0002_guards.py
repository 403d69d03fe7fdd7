"""What PostgreSQL refuses on the tables of the mechanism."""

from django.db import migrations

from monitoring.guards import functions, guard

IDENTITIES = [
    "agreement",
    "side",
    "party",
    "instrument",
    "provision",
    "guarantorstate",
    "observerstate",
    "zone",
    "area",
    "team",
]
OF_VERSION = [
    "instrumentterms",
    "provisionterms",
    "reservation",
    "partyterms",
    "partyalias",
    "adherence",
    "guarantorterm",
    "undertaking",
    "observerterm",
    "zoneline",
    "areaalias",
    "teamterms",
]
CLOSABLE = ["mechanismversion", "boundaryset", "accreditation"]


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0001_initial")]

    operations = [
        functions(),
        *(guard(f"monitoring_{name}", free=["names"]) for name in IDENTITIES),
        *(
            guard(f"monitoring_{name}", stamped=False, part_of=("monitoring_mechanismversion", "version_id"))
            for name in OF_VERSION
        ),
        guard(
            "monitoring_provisionterms_zones",
            stamped=False,
            part_of=("monitoring_provisionterms", "provisionterms_id", "unstamped"),
        ),
        guard("monitoring_area_members", stamped=False, part_of=("monitoring_area", "from_area_id")),
        *(
            guard(f"monitoring_{name}", stamped=False, part_of=("monitoring_boundaryset", "boundary_set_id"))
            for name in ("areashape", "areapiece")
        ),
        guard("monitoring_auditentry"),
        *(guard(f"monitoring_{name}", closable=True) for name in CLOSABLE),
    ]
