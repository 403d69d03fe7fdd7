"""The tables of what is filed, assessed and found, by subject."""

from violations.models.cases import Case
from violations.models.data_sets import SetAcceptance
from violations.models.findings import Dissent, Finding, FindingParty, FindingProvision
from violations.models.incidents import Assessment, Incident, ReportLink
from violations.models.reports import IncidentReport, ReportParty, ReviewStep, SealedSource
from violations.models.returns import DailyReturn, ReturnLine, ReturnSource
from violations.models.sealed import KeyRotation, Redaction, SourceOpening
from violations.models.third_party import ThirdPartyFigure

__all__ = [
    "Assessment",
    "Case",
    "DailyReturn",
    "Dissent",
    "Finding",
    "FindingParty",
    "FindingProvision",
    "Incident",
    "IncidentReport",
    "KeyRotation",
    "Redaction",
    "ReportLink",
    "ReportParty",
    "ReturnLine",
    "ReturnSource",
    "ReviewStep",
    "SealedSource",
    "SetAcceptance",
    "SourceOpening",
    "ThirdPartyFigure",
]
