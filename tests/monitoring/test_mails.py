"""Mails that say that something waits: to a real mail server, once a person and period, and telling nothing."""

from __future__ import annotations

import io
import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from monitoring import accreditation, invitations, mail_server, mailing, notices
from monitoring.errors import Malformed
from monitoring.mail_server import NotHandedOver
from monitoring.models import AuditEntry, Notice, NoticeMail, NoticeMailOutcome, User
from monitoring.notices import Told
from monitoring.tasks import send_mails
from tests.everybody import client_of
from tests.monitoring.mail_server import Mailbox, free_port, listening, wants
from tests.violations.occasions import HARM, filed
from violations import flash

pytestmark = pytest.mark.django_db

NARRATIVE = "Zubaydah saw it from the weaver's roof"


@pytest.fixture
def mailbox(settings, socket_enabled):
    with listening(Mailbox()) as listens:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", listens.port
        settings.EMAIL_SECURITY = "none"
        settings.EMAIL_FROM = "post@service.example"
        settings.EMAIL_SERVICE_NAME = "the reading room"
        settings.EMAIL_HOURS = 4
        yield listens


@pytest.fixture
def addressed(people) -> SimpleNamespace:
    mailing.set_address(people.moderator_north, "north@mail.example", by=people.operator)
    mailing.set_address(people.operator, "keeper@mail.example", by=None)
    return people


def told(agreement, role: str = "moderator", kind: str = "second_late") -> None:
    notices.give(agreement, [Told(kind, f"{uuid4()}", details={"count": 77}, role=role)])


def earlier(monkeypatch, by: timedelta):
    """The world's clock, so much later than it is."""
    real = timezone.now
    monkeypatch.setattr("monitoring.mailing.timezone", SimpleNamespace(now=lambda: real() + by))


def test_a_mail_says_that_something_waits_and_nothing_else(exercise, addressed, mailbox):
    report = filed(
        exercise,
        addressed.monitor_north,
        casualties=HARM,
        narrative=NARRATIVE,
        narrative_language="en",
        place_as_written="the quarry",
    )
    flash.tell(exercise)
    told(exercise)
    send_mails()
    (mail,) = mailbox.mails
    assert mail.get_payload(decode=True).decode() == (
        "Something waits for you in the reading room. Log in to read it. Answers to this mail are not read.\r\n"
    )
    expected = "From To Subject Date Message-ID Auto-Submitted Content-Type Content-Transfer-Encoding MIME-Version"
    assert sorted(mail.keys()) == sorted(expected.split())
    assert (mail["To"], mail["Subject"]) == ("north@mail.example", "Something waits for you")
    planted = [
        NARRATIVE,
        "Zubaydah",
        "quarry",
        exercise.code,
        exercise.name,
        "truce",
        "ceasefire",
        "indirect",
        "killed",
        "grave",
        "North",
        "Alder",
        "Gannet",
        "77",
        "3",
        str(report.public_id),
        str(addressed.moderator_north.public_id),
        addressed.moderator_north.username,
        *(row.name for row in exercise.areas.all()),
        *(row.name for row in exercise.parties.all()),
        *(str(row.public_id) for row in Notice.objects.all()),
        socket.gethostname(),
        socket.getfqdn(),
    ]
    constant = mailbox.everything
    for own in (mail["Date"], mail["Message-ID"], "north@mail.example"):
        constant = constant.replace(own.encode(), b"")
    found = [word for word in planted if word and word != "localhost" and word.encode() in constant]
    assert found == []
    assert mailbox.greetings == ["service.example"]


def test_every_mail_is_the_same_but_for_whom_it_is_and_when(exercise, addressed, mailbox):
    told(exercise)
    told(exercise, role="operator", kind="work_failed")
    send_mails()
    one, other = mailbox.mails
    assert one.get_payload() == other.get_payload()
    differing = {name for name in one.keys() if one[name] != other[name]}  # noqa: SIM118 - a mail is no mapping
    assert {"To", "Message-ID"} <= differing <= {"To", "Message-ID", "Date"}


def test_who_has_seen_everything_or_has_no_address_or_no_role_is_not_mailed(exercise, addressed, mailbox):
    told(exercise)
    mailing.set_address(addressed.guarantor_alder, "alder@mail.example", by=None)
    mailing.set_address(addressed.monitor_north, "monitor@mail.example", by=None)
    notices.see(addressed.moderator_north, notices.of(addressed.moderator_north))
    assert mailing.mail_all() == 0
    told(exercise)
    accreditation.end(addressed.moderator_north.accreditations.open().get(), by=None)
    assert mailing.mail_all() == 0
    assert mailbox.kept == []


def test_one_mail_a_period_and_none_where_nothing_new_waits(exercise, addressed, mailbox, monkeypatch):
    told(exercise)
    assert mailing.mail_all() == 1
    told(exercise)
    assert mailing.mail_all() == 0
    earlier(monkeypatch, timedelta(hours=3, minutes=59))
    assert mailing.mail_all() == 0
    earlier(monkeypatch, timedelta(hours=4, minutes=1))
    assert mailing.mail_all() == 1
    earlier(monkeypatch, timedelta(hours=9))
    assert mailing.mail_all() == 0, "what waits was told of"
    assert len(mailbox.kept) == 2


@pytest.mark.django_db(transaction=True)
def test_of_several_workers_one_sends(exercise, addressed, mailbox):
    told(exercise)

    def send(_number: int) -> int:
        try:
            return mailing.mail_all()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as several:
        sent = sum(several.map(send, range(8)))
    assert sent == len(mailbox.kept) == NoticeMail.objects.count() == 1


def test_a_worker_that_dies_before_it_noted_the_mail_sends_no_second_within_the_period(
    exercise, addressed, mailbox, monkeypatch
):
    told(exercise)

    def killed(*_args, **_options):
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(mailing, "note", killed)
        with pytest.raises(SystemExit):
            mailing.mail_all()
    assert len(mailbox.kept) == 1
    assert not NoticeMailOutcome.objects.exists()
    assert mailing.mail_all() == 0
    earlier(monkeypatch, timedelta(hours=4, minutes=1))
    assert mailing.mail_all() == 1, "nobody knows whether the first went out: what still waits is told of again"
    assert len(mailbox.kept) == 2


def test_what_fails_is_tried_again_later_each_time_and_then_operators_are_told(
    exercise, addressed, mailbox, monkeypatch
):
    told(exercise)
    mailbox.answer = "550 no such mailbox: north@mail.example"
    north = addressed.moderator_north
    for number, wait in enumerate((*mailing.WAITS, mailing.GIVEN_UP), start=1):
        assert mailing.mail_all() == 0
        assert NoticeMailOutcome.objects.filter(mail__user=north, reason="refused").count() == number
        last = NoticeMail.objects.filter(user=north).latest("number")
        assert mailing.begin(north, at=last.recorded_at + wait - timedelta(seconds=1)) is None
        # A mail is stamped by the ledger's clock, which no test moves: only what is compared with it is later.
        earlier(monkeypatch, wait + timedelta(seconds=5))
    (row,) = exercise.notices.filter(kind="mail_failed")
    assert (row.role, row.object_id) == ("operator", str(addressed.moderator_north.public_id))
    page = client_of(addressed.operator).get(reverse("admin:monitoring_notice_changelist")).content.decode()
    assert addressed.moderator_north.username in page
    assert "north@mail.example" not in page
    mailbox.answer = "250 OK"
    mailing.mail_all()
    assert next(mail["To"] for mail in mailbox.mails) == "north@mail.example"


OVER_LOOPBACK = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")


@OVER_LOOPBACK
@pytest.mark.parametrize("reason", ["unreachable", "not_logged_in"])
def test_a_server_that_is_not_there_or_wants_another_login_is_told_by_code(
    exercise, addressed, mailbox, settings, reason, caplog
):
    told(exercise)
    if reason == "unreachable":
        settings.EMAIL_PORT = free_port()
        mailing.mail_all()
    else:
        box = Mailbox()
        options = {"authenticator": wants("post", "right", box), "auth_required": True, "auth_require_tls": False}
        with listening(box, **options):
            settings.EMAIL_PORT, settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = box.port, "post", "wrong"
            mailing.mail_all()
            assert box.logins
    assert NoticeMailOutcome.objects.get().reason == reason
    assert "mail.example" not in caplog.text


@OVER_LOOPBACK
def test_a_login_is_used_where_one_is_set(exercise, addressed, mailbox, settings):
    told(exercise)
    box = Mailbox()
    options = {"authenticator": wants("post", "right", box), "auth_required": True, "auth_require_tls": False}
    with listening(box, **options):
        settings.EMAIL_PORT, settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = box.port, "post", "right"
        assert mailing.mail_all() == 1


def test_a_server_without_encryption_gets_nothing_where_it_is_asked_for(exercise, addressed, mailbox, settings):
    settings.EMAIL_SECURITY = "starttls"
    with pytest.raises(NotHandedOver):
        mail_server.hand_over(mail_server.mail("north@mail.example"))
    assert mailbox.kept == []


def test_without_a_server_or_a_sender_nothing_is_begun(exercise, addressed, mailbox, settings):
    told(exercise)
    settings.EMAIL_FROM = ""
    assert mailing.mail_all() == 0
    settings.EMAIL_FROM, settings.EMAIL_HOST = "post@service.example", ""
    assert mailing.mail_all() == 0
    assert not NoticeMail.objects.exists()


def test_an_operator_sets_and_removes_an_address_and_it_stands_nowhere_else(exercise, people, monkeypatch, capsys):
    name = people.moderator_south.username
    said = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.StringIO("south@mail.example\n"))
    call_command("mail_address", name, stdout=said, stderr=io.StringIO())
    assert User.objects.get(username=name).email == "south@mail.example"
    assert "mail.example" not in said.getvalue()
    call_command("mail_address", name, "--remove", stdout=said)
    assert User.objects.get(username=name).email == ""
    actions = list(AuditEntry.objects.filter(action__endswith="address").values_list("action", "object_id"))
    person = str(people.moderator_south.public_id)
    assert actions == [("account.set_address", person), ("account.remove_address", person)]
    for typed in ("no address\n", "\n"):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        with pytest.raises(CommandError):
            call_command("mail_address", name)
    with pytest.raises(Malformed):
        mailing.set_address(people.moderator_south, "one@mail.example\nBcc: other@mail.example", by=None)


@pytest.mark.parametrize("written", ['"\x0b"@mail.example', '"a\x1eb"@mail.example', f"{'a' * 250}@mail.example"])
def test_an_address_that_no_mail_can_bear_or_no_row_can_keep_is_refused(exercise, people, written):
    with pytest.raises(Malformed):
        mailing.set_address(people.moderator_south, written, by=None)
    assert User.objects.get(pk=people.moderator_south.pk).email == ""


def test_an_address_that_was_kept_all_the_same_keeps_the_mail_of_nobody_else(exercise, addressed, mailbox):
    User.objects.filter(pk=addressed.moderator_north.pk).update(email='"a\x1eb"@mail.example')
    mailing.set_address(addressed.moderator_south, "south@mail.example", by=None)
    told(exercise)
    send_mails()
    assert [mail["To"] for mail in mailbox.mails] == ["south@mail.example"]
    (outcome,) = NoticeMailOutcome.objects.filter(mail__user=addressed.moderator_north)
    assert (outcome.outcome, outcome.reason) == ("failed", "refused")


def test_an_invitation_holds_though_an_address_is_set_after_it(people):
    """Django's link is made of the address, too: a new one is needed then, and the command says so."""
    link = invitations.invite(people.moderator_south, by=None)
    token = link.rstrip("/").rpartition("/")[2]
    assert invitations.tokens.check_token(people.moderator_south, token)
    mailing.set_address(people.moderator_south, "south@mail.example", by=None)
    assert not invitations.tokens.check_token(people.moderator_south, token)
