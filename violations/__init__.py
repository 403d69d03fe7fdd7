"""Incident reports, returns, incidents, assessments and findings."""
