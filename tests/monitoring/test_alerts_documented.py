"""docs/alerts.md tells of every kind of notice and of every setting of mail, and what it says of power is so."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

from monitoring import mailing, notices
from monitoring.models import Notice
from reports import notices_told, surges

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/alerts.md").read_text()


def test_every_kind_is_described_and_has_words_on_its_page():
    told = set(re.findall(r"`([a-z_]+)`", PAGE))
    assert set(Notice.Kind.values) <= told
    assert set(notices_told.SAYS) == set(notices_told.KINDS) == set(Notice.Kind)


def test_every_setting_of_mail_is_described_and_reaches_the_containers():
    source = (ROOT / "config/settings.py").read_text()
    names = set(re.findall(r"os\.environ\.get\(\"(EMAIL_[A-Z_]+)\"", source))
    assert len(names) == 8
    for page in (PAGE, (ROOT / "deploy/env.example").read_text(), (ROOT / "docker-compose.yml").read_text()):
        assert names <= set(re.findall(r"EMAIL_[A-Z_]+", page))


def test_no_mail_is_sent_unless_it_is_set():
    assert (settings.EMAIL_HOST, settings.EMAIL_FROM) == ("", "")
    assert mailing.mail_all() == 0


def test_the_numbers_are_those_of_the_code():
    assert f"the {surges.BEFORE} before, with {surges.BETWEEN}" in PAGE
    assert f"last {surges.NOW} days" in PAGE
    assert (notices.WAITS_FOR.days, notices.TOLD_WITHIN.days) == (30, 7)
    assert [wait.seconds // 60 for wait in mailing.WAITS] == [5, 30, 120, 480]
