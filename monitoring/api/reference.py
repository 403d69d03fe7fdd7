"""What a client has to know of a truce to file without a line: its rules, parties, texts, zones and areas of now."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from monitoring import duty_officers
from monitoring.api import geojson, told
from monitoring.api.views import KeptView
from monitoring.errors import NotFound
from monitoring.models import (
    Adherence,
    Agreement,
    AreaShape,
    GuarantorTerm,
    InstrumentTerms,
    PartyAlias,
    PartyTerms,
    ProvisionTerms,
    TeamTerms,
    ZoneLine,
)

UNCHANGED = OpenApiResponse(None, description="The client has it as it is: If-None-Match held its ETag.")


def answers(serializer: Any, *, features: bool = False) -> dict[Any, Any]:
    """What a door of reference data answers."""
    found: dict[Any, Any] = {(200, "application/json"): serializer, 304: UNCHANGED}
    return {**found, (200, geojson.MEDIA_TYPE): geojson.DESCRIBED} if features else found


class MechanismView(KeptView):
    """What is common: of a truce in which one is accredited now."""

    def agreement(self, code: str) -> Agreement:
        """Return the truce. Raises NotFound, the same whether it is none or none of theirs."""
        found = Agreement.objects.filter(code=code, pk__in=self.held.values("agreement")).first()
        if found is None:
            raise NotFound(_("There is no such agreement among those that you are accredited in."), code="not_found")
        return found


class Agreements(KeptView):
    """The truces in which one is accredited."""

    @extend_schema(operation_id="agreements_list", responses=answers(told.AgreementsTold))
    def get(self, request: Request) -> HttpResponseBase:
        """The truces in which you are accredited now."""
        rows = Agreement.objects.filter(pk__in=self.held.values("agreement"))
        return self.kept(told.AgreementsTold({"results": rows}).data)


class OneAgreement(MechanismView):
    """A truce and its rules."""

    @extend_schema(operation_id="agreements_read", responses=answers(told.MechanismTold))
    def get(self, request: Request, code: str) -> HttpResponseBase:
        """A truce with its rules as they stand now, its guarantors, and the teams that you file for."""
        agreement = self.agreement(code)
        terms = agreement.terms
        mine = self.held.filter(agreement=agreement, team__isnull=False).values("team")
        others = duty_officers.teams_filed_for_by(self.person, agreement)
        teams = TeamTerms.objects.filter(Q(team__in=mine) | Q(team__in=others), version=terms).select_related("team")
        guarantors = GuarantorTerm.objects.filter(version=terms).select_related("guarantor", "side")
        content = {
            "code": agreement.code,
            "names": agreement.names,
            "simulated": agreement.simulated,
            "terms": terms,
            "sides": agreement.sides.all(),
            "guarantors": guarantors.order_by("guarantor__code", "valid_from"),
            "teams": teams.order_by("team__code"),
        }
        return self.kept(told.MechanismTold(content).data)


class Parties(MechanismView):
    """The parties of a truce."""

    @extend_schema(operation_id="agreements_parties", responses=answers(told.PartiesTold))
    def get(self, request: Request, code: str) -> HttpResponseBase:
        """The parties, with the names by which they can be filed, and how each text binds them."""
        terms = self.agreement(code).terms
        aliases, adherences = _by_party(PartyAlias, terms), _by_party(Adherence, terms, "instrument")
        rows: list[Any] = list(
            PartyTerms.objects.filter(version=terms).select_related("party", "parent", "side").order_by("party__code")
        )
        for row in rows:
            row.aliases = sorted({alias.alias for alias in aliases[row.party_id]})
            row.adherences = sorted(
                adherences[row.party_id], key=lambda row: (row.instrument.code, row.reading, str(row.valid_from))
            )
        return self.kept(told.PartiesTold({"results": rows}).data)


class Provisions(MechanismView):
    """The texts of a truce."""

    @extend_schema(operation_id="agreements_provisions", responses=answers(told.ProvisionsTold))
    def get(self, request: Request, code: str) -> HttpResponseBase:
        """The texts and their clauses: what each asks, of which acts, where, by whose reading."""
        terms = self.agreement(code).terms
        readings: dict[Any, list[Any]] = defaultdict(list)
        stated = ProvisionTerms.objects.filter(version=terms).select_related("provision__instrument")
        for row in stated.prefetch_related("zones").order_by("provision__instrument__code", "provision__code", "pk"):
            readings[row.provision].append(
                {
                    **{name: getattr(row, name) for name in ("reading", "text", "valid_from", "valid_until")},
                    "acts": sorted(row.acts),
                    "zones": sorted(zone.code for zone in row.zones.all()),
                }
            )
        content = {
            "instruments": InstrumentTerms.objects.filter(version=terms)
            .select_related("instrument")
            .order_by("instrument__code"),
            "results": [
                {"instrument": row.instrument, "code": row.code, "names": row.names, "readings": said}
                for row, said in readings.items()
            ],
        }
        return self.kept(told.ProvisionsTold(content).data)


class Zones(MechanismView):
    """The zones of a truce."""

    renderer_classes = [JSONRenderer, geojson.GeoJSONRenderer]

    @extend_schema(operation_id="agreements_zones", responses=answers(told.ZonesTold, features=True))
    def get(self, request: Request, code: str) -> HttpResponseBase:
        """The zones with every line, agreed and rival; as GeoJSON a feature a line."""
        agreement = self.agreement(code)
        lines = ZoneLine.objects.filter(version=agreement.terms).order_by("drawn_by", "valid_from", "pk")
        zones = list(agreement.zones.prefetch_related(Prefetch("lines", lines)))
        if not geojson.is_wanted(request):
            return self.kept(told.ZonesTold({"results": zones}).data)
        return self.kept(
            geojson.collection(
                geojson.feature({"code": zone.code, "names": zone.names, **told.LineTold(line).data}, line.boundary)
                for zone in zones
                for line in zone.lines.all()
            )
        )


class Areas(MechanismView):
    """The areas of a truce."""

    renderer_classes = [JSONRenderer, geojson.GeoJSONRenderer]

    @extend_schema(operation_id="agreements_areas", responses=answers(told.AreasTold, features=True))
    def get(self, request: Request, code: str) -> HttpResponseBase:
        """The administrative areas; as GeoJSON with the boundaries that hold now, null where none is known."""
        agreement = self.agreement(code)
        areas: QuerySet = agreement.areas.select_related("parent").prefetch_related("members")
        if not geojson.is_wanted(request):
            return self.kept(told.AreasTold({"results": areas}).data)
        drawn = AreaShape.objects.filter(boundary_set__in=agreement.boundary_sets.open())
        shapes = dict(drawn.values_list("area", "boundary"))
        return self.kept(
            geojson.collection(
                geojson.feature(told.AreaTold(area).data, shapes.get(area.pk), identifier=area.code) for area in areas
            )
        )


def _by_party(model: Any, terms: Any, *related: str) -> dict[int, list[Any]]:
    rows: dict[int, list[Any]] = defaultdict(list)
    for row in model.objects.filter(version=terms).select_related(*related):
        rows[row.party_id].append(row)
    return rows
