"""Where moderators look and decide: tables of the record that are never edited, and pages that call the verbs."""

from django.contrib import admin

from violations.admin.bulk import BulkJobAdmin
from violations.admin.claims import ClaimAdmin
from violations.admin.duty import DutyAdmin
from violations.admin.effort import MovementRestrictionAdmin, PatrolAdmin
from violations.admin.findings import FindingAdmin
from violations.admin.incidents import IncidentAdmin
from violations.admin.measures import MeasureAdmin
from violations.admin.reports import IncidentReportAdmin
from violations.admin.requests import InformationRequestAdmin
from violations.admin.returns import DailyReturnAdmin
from violations.admin.saved import SavedFilterAdmin
from violations.admin.sealed import RedactionAdmin, SourceOpeningAdmin
from violations.admin.shift import ShiftNoteAdmin
from violations.admin.sittings import SittingAdmin
from violations.admin.statements import GuarantorStatementAdmin
from violations.admin.third_party import ThirdPartyFigureAdmin
from violations.models import (
    BulkJob,
    Claim,
    DailyReturn,
    DutyCheck,
    Finding,
    GuarantorStatement,
    Incident,
    IncidentReport,
    InformationRequest,
    Measure,
    MovementRestriction,
    Patrol,
    Redaction,
    SavedFilter,
    ShiftNote,
    Sitting,
    SourceOpening,
    ThirdPartyFigure,
)

admin.site.register(DutyCheck, DutyAdmin)
admin.site.register(Incident, IncidentAdmin)
admin.site.register(Claim, ClaimAdmin)
admin.site.register(SavedFilter, SavedFilterAdmin)
admin.site.register(ShiftNote, ShiftNoteAdmin)
admin.site.register(IncidentReport, IncidentReportAdmin)
admin.site.register(Finding, FindingAdmin)
admin.site.register(InformationRequest, InformationRequestAdmin)
admin.site.register(GuarantorStatement, GuarantorStatementAdmin)
admin.site.register(Measure, MeasureAdmin)
admin.site.register(Sitting, SittingAdmin)
admin.site.register(BulkJob, BulkJobAdmin)
admin.site.register(DailyReturn, DailyReturnAdmin)
admin.site.register(ThirdPartyFigure, ThirdPartyFigureAdmin)
admin.site.register(Patrol, PatrolAdmin)
admin.site.register(MovementRestriction, MovementRestrictionAdmin)
admin.site.register(SourceOpening, SourceOpeningAdmin)
admin.site.register(Redaction, RedactionAdmin)
