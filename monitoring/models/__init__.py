"""The tables of the mechanism, by subject."""

from monitoring.models.agreements import (
    ALERTS,
    LANES,
    Agreement,
    Instrument,
    InstrumentTerms,
    MechanismVersion,
    Provision,
    ProvisionTerms,
    Reservation,
)
from monitoring.models.audit import AuditEntry
from monitoring.models.devices import DeviceToken
from monitoring.models.guarantors import GuarantorState, GuarantorTerm, ObserverState, ObserverTerm, Undertaking
from monitoring.models.notices import Notice, NoticeMail, NoticeMailOutcome, NoticeSeen
from monitoring.models.parties import Adherence, Party, PartyAlias, PartyTerms, Side
from monitoring.models.people import Accreditation, Team, TeamTerms, User
from monitoring.models.places import Area, AreaAlias, AreaPiece, AreaShape, BoundarySet, Zone, ZoneLine

__all__ = [
    "ALERTS",
    "LANES",
    "Accreditation",
    "Adherence",
    "Agreement",
    "Area",
    "AreaAlias",
    "AreaPiece",
    "AreaShape",
    "AuditEntry",
    "BoundarySet",
    "DeviceToken",
    "GuarantorState",
    "GuarantorTerm",
    "Instrument",
    "InstrumentTerms",
    "MechanismVersion",
    "Notice",
    "NoticeMail",
    "NoticeMailOutcome",
    "NoticeSeen",
    "ObserverState",
    "ObserverTerm",
    "Party",
    "PartyAlias",
    "PartyTerms",
    "Provision",
    "ProvisionTerms",
    "Reservation",
    "Side",
    "Team",
    "TeamTerms",
    "Undertaking",
    "User",
    "Zone",
    "ZoneLine",
]
