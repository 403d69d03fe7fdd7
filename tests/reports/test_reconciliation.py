"""Two ledgers laid side by side: each row's verdict is the one that the truth gives, and nothing else is told."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from django.db import connection
from django.urls import reverse

from monitoring.errors import NotFound, NotNow
from monitoring.models import AuditEntry
from reports import reconciliation, reconciliation_sheet
from tests.reports.released import released_month
from tests.violations.documents import device_of
from tests.violations.occasions import filed
from tests.violations.two_ledgers import as_csv, two_ledgers
from violations import case_lists
from violations.models import CaseList, CaseListRow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("json_alone")]

LISTS = "/api/v1/case-lists/"
MARCH = {"from_date": date(2025, 3, 1), "until_date": date(2025, 4, 1)}
ONE = "reference,date,time,area,act,alleged,killed\nA-1,2025-03-05,14:20,VA01,indirect_fire,south-guard,0\n"
NONE = "reference,date,act\n"


def document(text: str, **changes) -> dict:
    return {
        "agreement": "exercise",
        "from": "2025-03-01",
        "until": "2025-04-01",
        "form": "csv",
        "text": text,
        **changes,
    }


def told(agreement, text: str, by, **days) -> CaseList:
    handed_in = case_lists.hand_in(agreement, text, "csv", **(days or MARCH), by=by)
    return case_lists.tell(handed_in.public_id, by=by)


@pytest.mark.parametrize("seed", [1, 2017, 20161230])
def test_every_row_of_two_ledgers_of_300_cases_gets_the_verdict_that_the_truth_gives(exercise, people, seed):
    truth = two_ledgers(seed)
    alder, birch = device_of(people.guarantor_alder), device_of(people.guarantor_birch)
    ids = []
    for device, rows in ((alder, truth.ours), (birch, truth.theirs)):
        handed_in = device.post(LISTS, document(as_csv(rows)))
        assert handed_in.status_code == 201, handed_in.json()
        assert len(handed_in.json()["cases"]) == 300
        ids.append(handed_in.json()["id"])
        assert device.post(f"{LISTS}{ids[-1]}/telling/").status_code == 200
    sheet = alder.get(f"{LISTS}{ids[0]}/reconciliation/", {"against": "birch"}).json()

    pairs, only_ours, only_theirs, undecided = {}, set(), set(), {}
    seen: dict[str, list[str]] = {"ours": [], "theirs": []}
    for line in sheet["lines"]:
        for whose in seen:
            if line[whose]:
                seen[whose].append(line[whose]["reference"])
        if line["ours"] and line["theirs"]:
            key = line["ours"]["reference"], line["theirs"]["reference"]
            pairs[key] = (line["verdict"], tuple(line["differing"]), line["paired_by"])
        elif line["verdict"] == "undecided":
            whose = "ours" if line["ours"] else "theirs"
            near = {candidate["reference"] for candidate in line["candidates"]}
            undecided[f"{whose} {line[whose]['reference']}"] = near
        else:
            assert line["verdict"] == ("only_ours" if line["ours"] else "only_theirs")
            (only_ours if line["ours"] else only_theirs).add((line["ours"] or line["theirs"])["reference"])
    assert sorted(seen["ours"]) == sorted(row["reference"] for row in truth.ours), "each row stands in one line"
    assert sorted(seen["theirs"]) == sorted(row["reference"] for row in truth.theirs)
    assert pairs == truth.pairs
    assert only_ours == truth.only_ours
    assert only_theirs == truth.only_theirs
    assert undecided == truth.undecided
    assert sheet["counts"] == truth.counts
    assert sum(sheet["counts"].values()) == len(sheet["lines"])
    assert min(truth.counts.values()) > 30, "there are many of each"
    beside = {
        line["ours"]["reference"]: {near["reference"] for near in line["candidates"]}
        for line in sheet["lines"]
        if line["verdict"] == "only_ours"
    }
    assert {ours for ours, theirs in truth.alike if theirs not in beside[ours] and len(beside[ours]) < 5} == set(), (
        "what is alike in two of three and yet another case is shown beside it"
    )

    mirrored = birch.get(f"{LISTS}{ids[1]}/reconciliation/", {"against": "alder"}).json()
    turned = {"only_ours": "only_theirs", "only_theirs": "only_ours"}
    counted = {turned.get(verdict, verdict): count for verdict, count in mirrored["counts"].items()}
    assert counted == sheet["counts"], "both sides read the same"


def test_the_sheet_is_a_table_in_which_no_text_is_a_formula(exercise, people):
    mine = told(exercise, ONE.replace("A-1", "=1+1"), people.guarantor_alder)
    told(exercise, ONE.replace("VA01", "VA02"), people.guarantor_birch)
    answer = device_of(people.guarantor_alder).get(
        f"{LISTS}{mine.public_id}/reconciliation/", {"against": "birch", "form": "csv"}
    )
    assert answer["Content-Disposition"] == (
        'attachment; filename="SIMULATED_exercise_2025-03-01_2025-04-01_alder_birch.csv"'
    )
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["verdict"], row["ours_reference"], row["theirs_reference"]) for row in rows] == [
        ("only_ours", "'=1+1", ""),
        ("only_theirs", "", "A-1"),
    ]
    assert {row["simulated"] for row in rows} == {"yes"}
    assert rows[0]["candidates"] == "A-1", "the same time and act, in another district"
    assert AuditEntry.objects.filter(action="case_list.reconcile", object_id=str(mine.public_id)).count() == 1


def test_a_draft_is_read_by_nobody_else_and_a_told_list_by_who_told_theirs(exercise, people):
    alder, birch, cedar = (getattr(people, f"guarantor_{name}") for name in ("alder", "birch", "cedar"))
    draft = case_lists.hand_in(exercise, ONE, "csv", **MARCH, by=alder)
    for other in (birch, cedar, people.operator, people.moderator_independent, people.superuser):
        with pytest.raises(NotFound):
            case_lists.read(draft.public_id, by=other)
        with pytest.raises(NotFound):
            case_lists.tell(draft.public_id, by=other)
    theirs = case_lists.hand_in(exercise, NONE, "csv", **MARCH, by=birch)

    def refused(reader=birch, one=theirs) -> str:
        with pytest.raises(NotNow) as refusal:
            reconciliation.sheet(one.public_id, "alder", by=reader)
        return f"{refusal.value.code}: {refusal.value.message}"

    before = refused()
    case_lists.tell(draft.public_id, by=alder)
    assert refused() == before, "that it was told is not told to who has not told"
    with pytest.raises(NotFound):
        case_lists.read(draft.public_id, by=birch)
    case_lists.tell(theirs.public_id, by=birch)
    assert reconciliation.sheet(theirs.public_id, "alder", by=birch).counts["only_theirs"] == 1
    assert case_lists.read(draft.public_id, by=birch)[0] == draft
    with pytest.raises(NotFound):
        case_lists.read(draft.public_id, by=cedar)


def test_over_the_api_what_is_not_told_or_not_released_yet_is_refused_as_not_now(exercise, people):
    mine = told(exercise, ONE, people.guarantor_alder)
    for against, code in (("birch", "not_told"), ("record", "not_released")):
        where = f"{LISTS}{mine.public_id}/reconciliation/"
        refused = device_of(people.guarantor_alder).get(where, {"against": against})
        assert (refused.status_code, refused.json()["code"]) == (409, code)


def test_a_told_list_stands_until_the_next_is_told(exercise, people):
    alder, birch = people.guarantor_alder, people.guarantor_birch
    first = told(exercise, ONE, alder)
    mine = told(exercise, NONE, birch)
    mended = ONE + "A-2,2025-03-06,,VA05,direct_fire,,\n"
    second = case_lists.hand_in(exercise, mended, "csv", **MARCH, by=alder)
    assert reconciliation.sheet(mine.public_id, "alder", by=birch).counts["only_theirs"] == 1
    third = case_lists.hand_in(exercise, mended + "A-3,2025-03-07,,VA05,direct_fire,,\n", "csv", **MARCH, by=alder)
    with pytest.raises(NotNow) as refusal:
        case_lists.tell(second.public_id, by=alder)
    assert refusal.value.code == "not_latest"
    case_lists.tell(third.public_id, by=alder)
    assert reconciliation.sheet(mine.public_id, "alder", by=birch).counts["only_theirs"] == 3
    with pytest.raises(NotNow) as refusal:
        reconciliation.sheet(first.public_id, "birch", by=alder)
    assert refusal.value.code == "not_latest"
    assert case_lists.read(first.public_id, by=alder)[0].superseded_at is not None, "one's own is read for ever"
    with pytest.raises(NotFound):
        case_lists.read(first.public_id, by=birch)


def test_the_database_shows_a_draft_to_nobody_who_does_not_say_for_whom_they_read(exercise, people):
    draft = case_lists.hand_in(exercise, ONE, "csv", **MARCH, by=people.guarantor_alder)
    assert not CaseList.objects.exists()
    assert not CaseListRow.objects.exists()
    with case_lists.reading_own(exercise.guarantors.get(code="birch")):
        assert not CaseList.objects.exists()
    case_lists.tell(draft.public_id, by=people.guarantor_alder)
    assert CaseListRow.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('ledger.own_lists', true)")
        assert cursor.fetchone()[0] in {"", None}


def test_beside_the_record_only_what_a_released_report_tells_is_read(exercise, people):
    report = filed(exercise, people.monitor_south)
    alder = people.guarantor_alder
    row = f"A-1,2025-03-10,,{{area}},{report.act},,\n"
    mine = case_lists.hand_in(exercise, ONE.splitlines()[0] + "\n" + row.format(area="VA05"), "csv", **MARCH, by=alder)
    with pytest.raises(NotNow) as refused:
        reconciliation.sheet(mine.public_id, "record", by=alder)
    assert refused.value.code == "not_released"
    closing = released_month(exercise)
    sheet = reconciliation.sheet(mine.public_id, "record", by=alder)
    assert [one["content_sha256"] for one in sheet.closings] == [closing.content_sha256]
    told_of = reconciliation_sheet.document(sheet)
    (line,) = [line for line in told_of["lines"] if line["theirs"]]
    assert line["theirs"]["occurred_from"].endswith(":00:00.000000Z"), "to the hour"
    assert line["theirs"]["place"] == ""


def test_nobody_reconciles_another_s_list_or_beside_a_guarantor_that_is_none(exercise, people):
    mine = told(exercise, ONE, people.guarantor_alder)
    told(exercise, NONE, people.guarantor_birch)
    for against, by in (("birch", people.guarantor_birch), ("elm", people.guarantor_alder)):
        with pytest.raises(NotFound):
            reconciliation.sheet(mine.public_id, against, by=by)
    where = reverse("api-case-list-reconciliation", args=[mine.public_id])
    assert device_of(people.guarantor_alder).get(where).status_code == 400
    assert device_of(people.operator).get(where, {"against": "birch"}).status_code == 403
