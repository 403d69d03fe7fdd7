"""The figures of a report, a section each, computed by set-based SQL from the record as known at a cut-off."""
