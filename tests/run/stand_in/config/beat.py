"""The scheduler of the stand-in's beat, which has no database: it keeps nothing."""

from celery.beat import Scheduler

__all__ = ["Scheduler"]
