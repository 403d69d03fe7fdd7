"""The names by which the API's description lists codes, where several fields share them or two would be named alike."""

NAMES = {
    "TimePrecision": "violations.codebook.TimePrecision",
    "PlacePrecision": "violations.codebook.PlacePrecision",
    "PartyRole": "violations.codebook.Role",
    "CountUnit": "violations.codebook.CountUnit",
    "BearingUnit": "violations.codebook.BearingUnit",
    "Hindrance": "reports.compare.Hindrance",
    "Observed": "violations.codebook.Observed",
    "PatrolKind": "violations.codebook.PatrolKind",
    "RestrictionKind": "violations.codebook.RestrictionKind",
}
