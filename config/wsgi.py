"""The WSGI entry point of the web processes: loaded once, with all doors, before they are forked (deploy/web.py)."""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
import_module(settings.ROOT_URLCONF)  # else each process would load the doors for itself, at its first request
