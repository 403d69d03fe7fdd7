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
IMMUTABLE = [
    "instrumentterms",
    "provisionterms",
    "provisionterms_zones",
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
    "area_members",
    "areashape",
    "areapiece",
    "auditentry",
]
CLOSABLE = ["mechanismversion", "boundaryset", "accreditation"]


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0001_initial")]

    operations = [
        functions(),
        *(guard(f"monitoring_{name}", free=["names"]) for name in IDENTITIES),
        *(guard(f"monitoring_{name}") for name in IMMUTABLE),
        *(guard(f"monitoring_{name}", closable=True) for name in CLOSABLE),
    ]
