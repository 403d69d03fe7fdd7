"""Periods, figures, closings, editions and their renditions."""
