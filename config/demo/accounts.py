"""The demo's accounts: their roles, and the file beside the data that remembers their passwords and second factors.

What is in the file lets anybody in who can read it. It is written by the demo alone, for accounts that it opened.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import settings
from django.utils import timezone

from monitoring import accreditation, devices, second_factor
from monitoring.accreditation import Role
from monitoring.admission import WITH_SECOND_FACTOR
from monitoring.models import Agreement, User

DEVICE = "demo"


@dataclass(frozen=True)
class Account:
    """One demo account; `guarantor` or `party` is who sent the person, neither for an independent."""

    username: str
    agreement: str
    role: str
    guarantor: str = ""
    team: str = ""
    party: str = ""

    @property
    def what(self) -> str:
        """In a few words, for the list of logins."""
        sender = self.guarantor or self.party
        of = f" of {sender}" if sender else " (independent)" if self.role != Role.OPERATOR else ""
        return f"{self.role}{of}, {self.agreement}"


ACCOUNTS = [
    Account("monitor-alder", "exercise", Role.MONITOR, guarantor="alder", team="team-alder"),
    Account("monitor-birch", "exercise", Role.MONITOR, guarantor="birch", team="team-birch"),
    Account("monitor-joint", "exercise", Role.MONITOR, guarantor="birch", team="team-joint"),
    Account("monitor-independent", "exercise", Role.MONITOR, team="team-independent"),
    Account("duty-alder", "exercise", Role.DUTY_OFFICER, guarantor="alder", team="team-alder"),
    Account("duty-independent", "exercise", Role.DUTY_OFFICER),
    Account("liaison-north", "exercise", Role.PARTY_LIAISON, party="north-army"),
    Account("liaison-south", "exercise", Role.PARTY_LIAISON, party="south-guard"),
    Account("moderator-north", "exercise", Role.MODERATOR, guarantor="alder"),
    Account("moderator-south", "exercise", Role.MODERATOR, guarantor="birch"),
    Account("moderator-independent", "exercise", Role.MODERATOR),
    Account("alder", "exercise", Role.GUARANTOR, guarantor="alder"),
    Account("birch", "exercise", Role.GUARANTOR, guarantor="birch"),
    Account("cedar", "exercise", Role.GUARANTOR, guarantor="cedar"),
    Account("auditor", "exercise", Role.AUDITOR),
    Account("iran", "astana-2016", Role.GUARANTOR, guarantor="iran"),
    Account("russia", "astana-2016", Role.GUARANTOR, guarantor="russia"),
    Account("turkey", "astana-2016", Role.GUARANTOR, guarantor="turkey"),
    Account("operator", "exercise", Role.OPERATOR),
    Account("operator", "astana-2016", Role.OPERATOR),
]


def logins_file() -> Path:
    """Where the generated passwords are kept: beside the stored files, readable by their owner alone."""
    return Path(os.environ.get("DEMO_LOGINS_FILE", str(Path(settings.FILES_ROOT).parent / "demo-logins.json")))


def open_accounts() -> dict[str, dict[str, str]]:
    """Make the accounts that are missing, with what each logs in by, monitors with a device token; return the logins.

    An account of which that is no longer known (the file was lost) gets new ones.
    """
    path = logins_file()
    logins = known_logins()
    before = json.dumps(logins)
    for account in ACCOUNTS:
        user, created = User.objects.get_or_create(username=account.username)
        if created or account.username not in logins:
            logins[account.username] = _credentials(user, account)
        _accredit_once(user, account)
        if account.role in WITH_SECOND_FACTOR and not _has_second_factor(user, logins[account.username]):
            logins[account.username]["secret"] = secret = generate_totp_secret()
            second_factor.give(user, secret)
    if json.dumps(logins) != before:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(logins, file, indent=1)
    return logins


def known_logins() -> dict[str, dict[str, str]]:
    """The logins of accounts that the demo opened; none where it was never played."""
    path = logins_file()
    return json.loads(path.read_text()) if path.exists() else {}


def _has_second_factor(user: User, login: dict[str, str]) -> bool:
    """Whether there is one: that of the file, or one that somebody who plays with the demo set up instead."""
    there = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
    return there and "secret" in login


def _credentials(user: User, account: Account) -> dict[str, str]:
    password = secrets.token_urlsafe(12)
    user.set_password(password)
    user.save()
    login = {"what": account.what, "password": password}
    if account.role == Role.MONITOR:
        devices.revoke(user, name=DEVICE, by=None)
        login["token"] = devices.issue(user, name=DEVICE, by=None)
    return login


def _accredit_once(user: User, account: Account) -> None:
    agreement = Agreement.objects.get(code=account.agreement)
    if accreditation.held_by(user, account.role, agreement=agreement).exists():
        return
    accreditation.accredit(
        user,
        agreement,
        account.role,
        by=None,
        team=agreement.teams.get(code=account.team) if account.team else None,
        guarantor=agreement.guarantors.get(code=account.guarantor) if account.guarantor else None,
        party=agreement.parties.get(code=account.party) if account.party else None,
        valid_from=timezone.now(),
    )
