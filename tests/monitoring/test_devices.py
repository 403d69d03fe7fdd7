"""A device's token is shown once, kept as a hash and revoked at once."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from monitoring import devices
from monitoring.errors import Malformed, NotNow
from monitoring.models import AuditEntry, DeviceToken


def test_a_command_prints_a_token_that_stands_nowhere_in_the_database(people, capsys):
    call_command("issue_device_token", "monitor-north", "--name", "field phone")
    token = capsys.readouterr().out.strip()
    assert len(token) == 64
    with connection.cursor() as cursor:
        cursor.execute("select t::text from monitoring_devicetoken t")
        (row,) = cursor.fetchone()
    assert token not in row
    assert AuditEntry.objects.filter(action="device.issue", outcome="done").exists()


def test_a_device_has_one_token_and_a_name(people):
    devices.issue(people.monitor_north, name="phone", by=None)
    with pytest.raises(NotNow):
        devices.issue(people.monitor_north, name=" phone ", by=None)
    for name in ("", " ", "x" * 81):
        with pytest.raises(Malformed):
            devices.issue(people.monitor_north, name=name, by=None)


def test_a_command_revokes_one_device_or_all(people, capsys):
    for name in ("phone", "laptop", "tablet"):
        devices.issue(people.monitor_north, name=name, by=None)
    devices.issue(people.monitor_south, name="phone", by=None)
    call_command("revoke_device_token", "monitor-north", "--name", "phone")
    assert set(people.monitor_north.auth_token_set.values_list("name", flat=True)) == {"laptop", "tablet"}
    call_command("revoke_device_token", "monitor-north")
    assert DeviceToken.objects.get().user == people.monitor_south
    with pytest.raises(CommandError, match="No such device"):
        call_command("revoke_device_token", "monitor-north")
    with pytest.raises(CommandError, match="no account"):
        call_command("issue_device_token", "nobody", "--name", "phone")
