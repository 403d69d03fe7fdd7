"""The tables of what is filed, assessed and found, by subject."""

from violations.models.case_lists import CaseList, CaseListRow, CaseListTelling
from violations.models.cases import Case
from violations.models.data_sets import SetAcceptance
from violations.models.duty import DutyCheck
from violations.models.effort import MovementRestriction, Patrol, PatrolStretch, WatchObservation
from violations.models.findings import Dissent, Finding, FindingParty, FindingProvision
from violations.models.incidents import Assessment, Incident, NoteTakenBack, ReportLink
from violations.models.questions import FilerAnswer, FilerQuestion
from violations.models.reports import IncidentReport, ReportParty, ReviewStep, SealedSource, WaitingCorrection
from violations.models.returns import DailyReturn, ReturnAcknowledgement, ReturnLine, ReturnSource
from violations.models.sealed import KeyRotation, Redaction, SourceOpening
from violations.models.third_party import ThirdPartyFigure

__all__ = [
    "Assessment",
    "Case",
    "CaseList",
    "CaseListRow",
    "CaseListTelling",
    "DailyReturn",
    "Dissent",
    "DutyCheck",
    "FilerAnswer",
    "FilerQuestion",
    "Finding",
    "FindingParty",
    "FindingProvision",
    "Incident",
    "IncidentReport",
    "KeyRotation",
    "MovementRestriction",
    "NoteTakenBack",
    "Patrol",
    "PatrolStretch",
    "Redaction",
    "ReportLink",
    "ReportParty",
    "ReturnAcknowledgement",
    "ReturnLine",
    "ReturnSource",
    "ReviewStep",
    "SealedSource",
    "SetAcceptance",
    "SourceOpening",
    "ThirdPartyFigure",
    "WaitingCorrection",
    "WatchObservation",
]
