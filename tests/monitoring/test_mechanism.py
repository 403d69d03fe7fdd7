"""Recording a truce: identities once, versions whole, nothing changed that never changes."""

from datetime import UTC, datetime

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from monitoring import ledger, mechanism
from monitoring.mechanism_file import MechanismFileError, read
from monitoring.models import (
    Adherence,
    Agreement,
    AuditEntry,
    GuarantorState,
    GuarantorTerm,
    MechanismVersion,
    Party,
    PartyTerms,
    ProvisionTerms,
    TeamTerms,
    Undertaking,
    ZoneLine,
)
from tests.conftest import loaded_exercise, superuser_connection
from tests.monitoring.truces import SHIPPED, changed

pytestmark = pytest.mark.django_db


def record(file):
    with ledger.writing() as entry:
        return mechanism.record(file, by=None, entry=entry)


def adherence(version, party, reading=""):
    return Adherence.objects.get(version=version, party__code=party, reading=reading)


def test_the_exercise_has_everything_a_truce_can_have(exercise, people):
    version = exercise.terms
    assert exercise.simulated
    assert version.number == 1
    assert version.in_force_from == datetime(2025, 3, 2, 8, tzinfo=UTC)
    assert version.scope_area.valid
    assert {row.kind for row in PartyTerms.objects.filter(version=version)} == set(PartyTerms.Kind.values)
    assert {row.kind for row in Adherence.objects.filter(version=version)} == set(Adherence.Kind.values)
    assert {row.kind for row in TeamTerms.objects.filter(version=version)} == set(TeamTerms.Kind.values)
    assert GuarantorTerm.objects.get(version=version, guarantor__code="cedar").contested_by == ["South League"]
    assert not Undertaking.objects.filter(party__code="river-company").exists()
    readings = ProvisionTerms.objects.filter(version=version, provision__code="empty-buffer")
    assert {row.reading for row in readings} == {"", "North side"}
    assert {zone.code for row in readings for zone in row.zones.all()} == {"strait-buffer"}
    lines = ZoneLine.objects.filter(version=version, zone__code="strait-buffer").order_by("drawn_by")
    north, south = (line.boundary for line in lines)
    assert north.intersects(south)
    assert not north.equals(south)
    assert people.moderator_north.accreditations.get().sent_by_guarantor.code == "alder"


def test_a_party_without_adherence_of_its_own_has_that_of_the_party_above_it(exercise):
    version = exercise.terms
    inherited = adherence(version, "harbour-brigade")
    assert (inherited.kind, inherited.inherited_from.code) == ("signatory", "south-league")
    own = adherence(version, "river-company")
    assert (own.kind, own.through.code, own.inherited_from) == ("bound_through", "south-league", None)


def test_a_rival_reading_is_inherited_beside_an_adherence_of_ones_own(tmp_path):
    before = 'aliases = { any = ["the League"], bulletin = ["southern formations"] }\nadherences = ['
    rival = '{ to = "truce-agreement", kind = "non_signatory", reading = "North side", source = "A letter." }, '
    version = record(changed(tmp_path, (before, before + rival)))
    assert adherence(version, "south-guard").inherited_from is None
    assert adherence(version, "south-guard", "North side").inherited_from.code == "south-league"


def test_the_same_content_again_writes_nothing(exercise, tmp_path):
    before = exercise.terms
    rows = AuditEntry.objects.count()
    assert record(changed(tmp_path)) == before
    assert record(read(SHIPPED / "exercise.toml")) == before
    assert (MechanismVersion.objects.count(), AuditEntry.objects.count()) == (1, rows)


def test_a_changed_file_is_a_new_version_and_the_old_one_stays_as_it_was(exercise, tmp_path):
    old = exercise.terms
    new = record(changed(tmp_path, ("filing_grace_hours = 48", "filing_grace_hours = 24")))
    old.refresh_from_db()
    assert (new.number, new.filing_grace_hours, new.superseded_at) == (2, 24, None)
    assert (old.filing_grace_hours, old.superseded_at) == (48, new.recorded_at)
    assert exercise.terms == new
    assert exercise.terms_known_at(old.recorded_at) == old
    for stated in (PartyTerms, Adherence, GuarantorTerm, ZoneLine):
        assert stated.objects.filter(version=old).count() == stated.objects.filter(version=new).count() > 0


def test_identities_are_made_once_and_their_names_told_anew(exercise, tmp_path):
    before = set(Party.objects.values_list("pk", "code"))
    record(
        changed(tmp_path, ('names = { en = "River Company" }', 'names = { en = "River Company", ru = "Речная рота" }'))
    )
    assert set(Party.objects.values_list("pk", "code")) == before
    assert Party.objects.get(code="river-company").name_in("ru") == "Речная рота"


def test_what_a_file_no_longer_names_stays_for_the_facts_that_point_at_it(exercise, tmp_path):
    gone = 'party = "river-company"'
    text = (SHIPPED / "exercise.toml").read_text()
    start = text.index('[[parties]]\ncode = "hill-clans"')
    end = text.index('[[parties]]\ncode = "coast-watch"')
    version = record(changed(tmp_path, (text[start:end], "")))
    assert gone not in text
    assert Party.objects.filter(code="hill-clans").exists()
    assert not PartyTerms.objects.filter(version=version, party__code="hill-clans").exists()


def test_whether_a_truce_is_simulated_never_changes(exercise, tmp_path):
    with pytest.raises(MechanismFileError, match=r"agreement\.simulated: whether a truce is simulated was set"):
        record(changed(tmp_path, ("simulated = true", "simulated = false")))
    assert MechanismVersion.objects.count() == 1
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Agreement.objects.update(simulated=False)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (
            'names = { en = "Northcape" }\nlevel = "district"',
            'names = { en = "Northcape" }\nlevel = "subdistrict"\nparent = "VA02"',
            ["areas[1] (VA01).level", "areas[1] (VA01).parent"],
        ),
        ('members = ["VA01", "VA02", "VA03"]', 'members = ["VA01", "VA02"]', ["areas[7] (north-shore).members"]),
    ],
)
def test_what_an_area_is_never_changes(exercise, tmp_path, old, new, place):
    with pytest.raises(MechanismFileError) as refused:
        record(changed(tmp_path, (old, new)))
    assert [fault.place for fault in refused.value.faults] == place


def test_a_guarantor_cannot_be_moved_to_another_truce(exercise, astana):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        GuarantorState.objects.filter(code="alder").update(agreement=astana)
    assert GuarantorState.objects.get(code="alder").agreement == exercise


OVERLAPS = [
    (Adherence, {"party__code": "south-guard"}),
    (GuarantorTerm, {"guarantor__code": "alder"}),
    (Undertaking, {"party__code": "south-guard"}),
    (ZoneLine, {"zone__code": "harbour-zone"}),
]


@pytest.mark.parametrize(("model", "which"), OVERLAPS, ids=lambda value: getattr(value, "__name__", ""))
def test_postgresql_refuses_what_overlaps_whoever_writes_it(exercise, model, which):
    row = model.objects.get(version=exercise.terms, **which)
    row.pk = None
    row.valid_from = datetime(2025, 3, 20, tzinfo=UTC)
    with pytest.raises(IntegrityError, match="no_overlap"), transaction.atomic():
        row.save(force_insert=True)


def test_intervals_that_touch_do_not_overlap(db):
    exercise = loaded_exercise()  # what belongs to a version is written with it
    row = Undertaking.objects.get(version=exercise.terms, party__code="south-guard")
    row.pk, row.valid_until, row.valid_from = None, row.valid_from, None
    row.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_who_files_in_a_truce_waits_for_who_loads_it(exercise, tmp_path):
    """A report filed meanwhile is then assessed by the version that holds after both."""
    with ledger.writing() as entry, superuser_connection(connection.settings_dict["NAME"]) as filing:
        mechanism.record(
            changed(tmp_path, ("filing_grace_hours = 48", "filing_grace_hours = 24")), by=None, entry=entry
        )
        with pytest.raises(psycopg.errors.LockNotAvailable):
            filing.execute("select from monitoring_agreement for key share nowait")


def test_recording_is_audited(exercise):
    assert {"mechanism.record", "areas.load"} <= set(AuditEntry.objects.values_list("action", flat=True))
