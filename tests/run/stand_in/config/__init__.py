"""Stands in for the project's settings: a Celery application on the private Redis."""

import os

from celery import Celery

app = Celery("config")
app.conf.broker_url = os.environ["REDIS_URL"].replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
