"""The tables of what is filed, assessed and found, by subject."""

from violations.models.bulk import BulkJob, BulkOutcome, BulkRow, BulkTurn
from violations.models.case_lists import CaseList, CaseListRow, CaseListTelling
from violations.models.cases import Case
from violations.models.casualties import CasualtySource, VerifiedCasualties
from violations.models.data_sets import SetAcceptance
from violations.models.dockets import Docket
from violations.models.duty import DutyCheck
from violations.models.effort import MovementRestriction, Patrol, PatrolStretch, WatchObservation
from violations.models.findings import Dissent, Finding, FindingParty, FindingProvision
from violations.models.grades import Grade
from violations.models.incidents import Assessment, Incident, NoteTakenBack, ReportLink
from violations.models.lanes import LaneMove
from violations.models.questions import FilerAnswer, FilerQuestion
from violations.models.replies import (
    GuarantorStatement,
    InformationRequest,
    Measure,
    MeasureStep,
    RequestAnswer,
    RequestReminder,
    RequestTelling,
    StatementTelling,
)
from violations.models.reports import IncidentReport, ReportParty, ReviewStep, SealedSource, WaitingCorrection
from violations.models.returns import DailyReturn, ReturnAcknowledgement, ReturnLine, ReturnSource
from violations.models.sealed import KeyRotation, Redaction, SourceOpening
from violations.models.shift import Claim, SavedFilter, ShiftNote, ShiftNoteRead
from violations.models.sittings import AgendaItem, AgendaRemoval, Sitting, SittingMinutes, SittingOutcome
from violations.models.third_party import ThirdPartyFigure

__all__ = [
    "AgendaItem",
    "AgendaRemoval",
    "Assessment",
    "BulkJob",
    "BulkOutcome",
    "BulkRow",
    "BulkTurn",
    "Case",
    "CaseList",
    "CaseListRow",
    "CaseListTelling",
    "CasualtySource",
    "Claim",
    "DailyReturn",
    "Dissent",
    "Docket",
    "DutyCheck",
    "FilerAnswer",
    "FilerQuestion",
    "Finding",
    "FindingParty",
    "FindingProvision",
    "Grade",
    "GuarantorStatement",
    "Incident",
    "IncidentReport",
    "InformationRequest",
    "KeyRotation",
    "LaneMove",
    "Measure",
    "MeasureStep",
    "MovementRestriction",
    "NoteTakenBack",
    "Patrol",
    "PatrolStretch",
    "Redaction",
    "ReportLink",
    "ReportParty",
    "RequestAnswer",
    "RequestReminder",
    "RequestTelling",
    "ReturnAcknowledgement",
    "ReturnLine",
    "ReturnSource",
    "ReviewStep",
    "SavedFilter",
    "SealedSource",
    "SetAcceptance",
    "ShiftNote",
    "ShiftNoteRead",
    "Sitting",
    "SittingMinutes",
    "SittingOutcome",
    "SourceOpening",
    "StatementTelling",
    "ThirdPartyFigure",
    "VerifiedCasualties",
    "WaitingCorrection",
    "WatchObservation",
]
