"""The demonstration: both shipped truces, an exercise filed and found upon, and the published returns of 2017."""
