"""The service's settings, with the smallest views beside its doors: one server program answers both."""

from config.settings import *  # noqa: F403 - the same, whatever it is
from config.settings import INSTALLED_APPS as OF_THE_SERVICE

INSTALLED_APPS = [*OF_THE_SERVICE, "tests.bench.smallest"]
ROOT_URLCONF = "tests.bench.smallest.urls"
