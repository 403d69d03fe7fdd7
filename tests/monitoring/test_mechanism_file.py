"""A mechanism file is refused whole, with the place of every fault."""

import json

import pytest

from monitoring.faults import FaultyFile
from monitoring.mechanism_file import read
from tests.monitoring.truces import SHIPPED, faults, write

ADHERES = '[{ to = "truce-agreement", kind = "signatory", from = 2025-03-01, source = "Invented for the exercise." }]'


@pytest.mark.parametrize("name", ["exercise", "astana-2016"])
def test_the_truces_that_come_with_the_service_have_no_fault(name):
    assert faults(SHIPPED / f"{name}.toml") == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        # codes that are not there, each said where it stands
        (
            'names = { en = "River Company" }\nkind = "armed_group"\nside = "south"',
            'names = { en = "River Company" }\nkind = "armed_group"\nside = "x"',
            "parties[9] (river-company).side: there is no side 'x'",
        ),
        (
            'parent = "south-league"',
            'parent = "leage"',
            "parties[7] (south-guard).parent: there is no party 'leage'",
        ),
        (
            '{ to = "truce-agreement"',
            '{ to = "annex"',
            "parties[1] (alder-forces).adherences[1].to: there is no instrument 'annex'",
        ),
        (
            'party = "north-army"',
            'party = "nobody"',
            "guarantors[1] (alder).undertakings[1].party: there is no party 'nobody'",
        ),
        ('guarantor = "birch"', 'guarantor = "oak"', "teams[2] (team-birch).guarantor: there is no guarantor 'oak'"),
        (
            'zones = ["harbour-zone"]',
            'zones = ["harbor-zone"]',
            "instruments[1] (truce-agreement).provisions[5] (quiet-harbour).zones[1]: there is no zone 'harbor-zone'",
        ),
        (
            'acts = ["raid_or_advance", "territory_taken"]',
            'acts = ["raid_or_advance", "provocation"]',
            "instruments[1] (truce-agreement).provisions[2] (no-advance).acts[2]: there is no act 'provocation'",
        ),
        ('unit_of_count = "incident"', 'unit_of_count = "things"', "terms.unit_of_count: there is no unit 'things'"),
        (
            'on = { guarantor = "cedar" }',
            'on = { guarantor = "oak" }',
            "reservations[1] (league-on-cedar): there is no guarantor 'oak'",
        ),
        (
            'drawing = "harbour-zone"',
            'drawing = "harbour"',
            (
                "zones[2] (harbour-zone).lines[1].drawing: there is no drawing with this id in the GeoJSON beside the "
                "file: 'harbour'"
            ),
        ),
        ('members = ["VA01"', 'members = ["VA09"', "areas[7] (north-shore).members[1]: there is no area 'VA09'"),
        # values and keys that are not known
        (
            'basis = "contested"',
            'basis = "assumed"',
            (
                "guarantors[3] (cedar).undertakings[1].basis: 'assumed' is not known here; known are undertaken, "
                "attributed_by_others, contested, inferred"
            ),
        ),
        ('tier = "totals"', 'teir = "totals"', "observers[1] (dogwood).terms[1].tier: this is missing"),
        (
            'tier = "totals"',
            'tier = "totals"\ncolour = 1',
            "observers[1] (dogwood).terms[1].colour: this key is not known here",
        ),
        ("schema = 1", "schema = 2", "schema: write schema = 1, the only one there is yet"),
        ("[terms.guarantors_see]", "[warp]\nspeed = 9\n[terms.guarantors_see]", "warp: this is not known here"),
        (
            'names = { en = "Cedar" }',
            'names = { fr = "Cèdre" }',
            "guarantors[3] (cedar).names: the English text ('en') is missing",
        ),
        ('code = "alder"\n', 'code = "al der"\n', "guarantors[1] (al der).code: string should match pattern"),
        # intervals
        (
            "in_force_until = 2025-04-01",
            "in_force_until = 2025-02-01",
            "terms.in_force_until: this is not after in_force_from",
        ),
        (
            'contested_by = ["Cedar"]\nfrom = 2025-03-01',
            'contested_by = ["Cedar"]\nfrom = 2025-03-01\nuntil = 2025-03-01',
            "observers[1] (dogwood).terms[1]: 'until' is not after 'from'",
        ),
        (
            ADHERES,
            ADHERES.replace("}]", '}, { to = "truce-agreement", kind = "declared", from = 2025-03-20, source = "s" }]'),
            "parties[1] (alder-forces).adherences[2]: it overlaps in time with number 1 of this list",
        ),
        (
            '[[guarantors.undertakings]]\nparty = "harbour-brigade"',
            '[[guarantors.undertakings]]\nparty = "south-guard"',
            "guarantors[2] (birch).undertakings[2]: it overlaps in time with number 1 of this list",
        ),
        (
            'drawing = "strait-buffer-south"\ndrawn_by = "South side"',
            'drawing = "strait-buffer-south"\ndrawn_by = "North side"',
            "zones[1] (strait-buffer).lines[2]: it overlaps in time with number 1 of this list",
        ),
        ("in_force_from = 2025-03-02", 'in_force_from = "2025-03-02"', "terms.in_force_from: this is not a date"),
        # the calendar and what is not offered yet
        (
            'time_zone = "Etc/GMT+8"',
            'time_zone = "Varrow/Harbour"',
            "terms.time_zone: there is no time zone 'Varrow/Harbour'; give an IANA name such as Asia/Damascus",
        ),
        (
            'calendar = ["day", "month"]',
            'calendar = ["day", "year"]',
            "terms.calendar: there are no periods of kind 'year'; known are day, week, month",
        ),
        (
            'release = "automatic"',
            'release = "after_comments"',
            "terms.release: 'after_comments' is not known here; known are automatic, by_two",
        ),
        (
            'release = "automatic"',
            'release = "automatic"\nautomatic_release = ["day"]',
            "terms.automatic_release: all is released as it is made; leave this out, or write",
        ),
        (
            'release = "automatic"',
            'release = "by_two"\nautomatic_release = ["week"]',
            "terms.automatic_release: the calendar closes no week",
        ),
        (
            'release = "automatic"',
            'release = "by_two"\nautomatic_release = ["month", "day"]',
            "terms.automatic_release: nothing is left that two people release",
        ),
        (
            'release = "automatic"',
            'release = "by_two"\nautomatic_release = ["year"]',
            "terms.automatic_release: there are no periods of kind 'year'",
        ),
        (
            "comment_window_days = 0",
            "comment_window_days = 14\ncomment_length = 300",
            "terms.comment_window_days: the draft of a month can be commented on, where two people release it",
        ),
        (
            "comment_window_days = 0",
            "comment_window_days = 14",
            "terms.comment_length: say how many words a comment may have, the same for every guarantor",
        ),
        (
            'first_period = "2025-03"',
            'first_period = "March"',
            "terms.first_period: write a month as 2017-01, a week as",
        ),
        ('first_period = "2025-03"', 'first_period = "2025-13"', "terms.first_period: there is no such month, week"),
        ('first_period = "2025-03"', 'first_period = "2025-W53"', "terms.first_period: there is no such month, week"),
        ('first_period = "2025-03"', 'first_period = "2025-W11"', "terms.first_period: it is a week, which the"),
        ('first_period = "2025-03"', "revision_days = [30, 30]", "terms.revision_days: these are days after the first"),
        ('first_period = "2025-03"', "revision_days = [0]", "terms.revision_days: these are days after the first"),
        (
            "comment_window_days = 0",
            "comment_length = 300",
            "terms.comment_length: there is no comment without comment_window_days",
        ),
        ("comment_window_days = 0", "comment_window_days = 91", "terms.comment_window_days: input should be less"),
        (
            'calendar = ["day", "month"]',
            'calendar = ["day"]',
            "terms.first_period: it is a month, which the calendar does not close",
        ),
        # the tree of parties, and of areas
        (
            'kind = "umbrella"\nside = "south"',
            'kind = "umbrella"\nside = "south"\nparent = "river-company"',
            (
                "parties[6] (south-league).parent: this goes round in a circle: south-league -> river-company -> "
                "south-league"
            ),
        ),
        (
            'names = { en = "Northcape" }\nlevel = "district"',
            'names = { en = "Northcape" }\nlevel = "district"\nparent = "VA02"',
            "areas[1] (VA01).parent: a district cannot lie in 'VA02', a district",
        ),
        (
            'names = { en = "Northcape" }\nlevel = "district"',
            'names = { en = "Northcape" }\nlevel = "district"\nmembers = ["VA02"]',
            "areas[1] (VA01).members: only an area of level 'grouping' has members",
        ),
        ('members = ["VA01", "VA02", "VA03"]', "", "areas[7] (north-shore): a grouping has members, and no parent"),
        # who answers for whom
        (
            'side = "north"\nown_forces = "alder-forces"',
            'own_forces = "alder-forces"',
            "guarantors[1] (alder).terms[1].side: this is missing",
        ),
        (
            'own_forces = "alder-forces"',
            'own_forces = "north-army"',
            "guarantors[1] (alder).terms[1].own_forces: 'north-army' is not of kind 'guarantor_forces'",
        ),
        (
            'own_forces = "alder-forces"',
            'own_forces = "birch-forces"',
            "guarantors[1] (alder).terms[1].own_forces: 'birch-forces' is not of the guarantor's side",
        ),
        (
            'party = "north-army"',
            'party = "alder-forces"',
            "guarantors[1] (alder).undertakings[1].party: a guarantor's own forces stand apart and need no undertaking",
        ),
        (
            'own_forces = "cedar-forces"\n',
            "",
            "parties[3] (cedar-forces).kind: no guarantor's term names these as its own forces",
        ),
        (
            'kind = "joint"',
            'kind = "joint"\nguarantor = "alder"',
            "teams[3] (team-joint): a team of kind 'guarantor' names its guarantor, and no other team does",
        ),
        (
            'through = "north-army", ',
            "",
            "parties[5] (north-volunteers).adherences[1]: 'through' is missing: through which party is it bound?",
        ),
        (
            'holder = "South League"\nsource',
            "source",
            "instruments[2] (south-proposal).holder: a rival text has a holder",
        ),
        # what stands twice
        ('code = "VA02"', 'code = "VA01"', "areas[2] (VA01).code: the code 'VA01' stands at areas[1] (VA01) already"),
        (
            'code = "no-advance"',
            'code = "no-fire"',
            "instruments[1] (truce-agreement).provisions[2] (no-fire).code: the code 'no-fire' stands at",
        ),
        (
            'aliases = { any = ["Gull Movement"] }',
            'aliases = { any = ["the league"] }',
            "parties[10] (black-gull).aliases.any: 'the league' is a name of 'south-league', too",
        ),
        (
            'aliases = { any = ["Gull Movement"] }',
            'aliases = { any = ["River  Company"] }',
            "parties[10] (black-gull).aliases.any: 'River  Company' is a name of 'river-company', too",
        ),
        (
            'aliases = { bulletin = ["West Haven"] }',
            'aliases = { bulletin = ["the Harbour"] }',
            "areas[5] (VA05).aliases.bulletin: 'the Harbour' is a name of 'VA04', too",
        ),
        (
            'authentic_language = "en"',
            'authentic_language = "en"\nlevel_names = { canton = { en = "canton" } }',
            "terms.level_names.canton",
        ),
        (
            'authentic_language = "en"',
            'authentic_language = "en"\nlevel_names = { district = { uk = "район" } }',
            "terms.level_names.district: the English text ('en') is missing",
        ),
        # a guarantor must be shown some place
        (
            'place = "district"',
            'place = "governorate"',
            "terms.guarantors_see.place: the file lists no area of level 'governorate'",
        ),
    ],
)
def test_a_fault_is_said_with_its_place(tmp_path, old, new, fault):
    found = faults(write(tmp_path, (old, new)))
    assert any(line.startswith(fault) for line in found), found


def test_every_fault_is_listed_at_once_in_one_refusal(tmp_path):
    path = write(
        tmp_path,
        ('side = "north"\naliases', 'side = "nowhere"\naliases'),
        ('time_zone = "Etc/GMT+8"', 'time_zone = "Mars"'),
        ('release = "automatic"', 'release = "draft"'),
        ('party = "south-guard"', 'party = "nobody"'),
        ('code = "VA03"', 'code = "VA02"'),
    )
    with pytest.raises(FaultyFile) as refused:
        read(path)
    places = {fault.place for fault in refused.value.faults}
    assert {
        "parties[4] (north-army).side",
        "terms.time_zone",
        "terms.release",
        "guarantors[2] (birch).undertakings[1].party",
        "areas[3] (VA02).code",
    } <= places
    assert refused.value.message.startswith("exercise.toml is refused and nothing of it was recorded.")


def test_a_fault_brings_no_others_with_it(tmp_path):
    assert faults(write(tmp_path, ('time_zone = "Etc/GMT+8"', 'time_zone = "Mars"'))) == [
        "terms.time_zone: there is no time zone 'Mars'; give an IANA name such as Asia/Damascus"
    ]


@pytest.mark.parametrize(
    ("coordinates", "fault"),
    [
        ([[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]], "the polygon is not valid: Self-intersection"),
        ([[[0, 0], [200, 0], [200, 2], [0, 0]]], "it lies outside WGS84"),
        ([[[0, 0], [0, 0]]], "the geometry cannot be read"),
        ([], "the polygon is empty"),
        ("north of the river", "the geometry cannot be read"),
    ],
)
def test_a_drawing_that_is_no_polygon_of_this_earth_is_refused(tmp_path, coordinates, fault):
    path = write(tmp_path)
    drawn = json.loads((tmp_path / "exercise.geojson").read_text())
    drawn["features"][0]["geometry"]["coordinates"] = coordinates
    (tmp_path / "exercise.geojson").write_text(json.dumps(drawn))
    (found,) = faults(path)
    assert found.startswith(f"exercise.geojson: features[1] (island-and-waters): {fault}")


def test_a_drawing_is_a_polygon_and_has_one_name_that_is_used(tmp_path):
    path = write(tmp_path)
    drawn = json.loads((tmp_path / "exercise.geojson").read_text())
    point = {"type": "Feature", "id": "a-point", "properties": {}, "geometry": {"type": "Point", "coordinates": [0, 0]}}
    drawn["features"] += [point, dict(drawn["features"][0]), {**drawn["features"][0], "id": None}]
    drawn["features"][-1].pop("id")
    (tmp_path / "exercise.geojson").write_text(json.dumps(drawn))
    assert [line.partition(": ")[2] for line in faults(path)] == [
        "features[5] (a-point): a polygon is needed, this is a Point",
        "features[6] (island-and-waters): another feature has this id, too",
        "features[7]: the feature has no id to be called by",
    ]
    drawn["features"] = [*drawn["features"][:4], {**drawn["features"][0], "id": "spare"}]
    (tmp_path / "exercise.geojson").write_text(json.dumps(drawn))
    assert faults(path) == ["exercise.geojson: spare: nothing in the mechanism file uses this drawing"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("not json", "this is not JSON"),
        ("[]", "this is not a GeoJSON FeatureCollection"),
        ('{"type": "FeatureCollection", "features": 7}', "'features' is not a list of features"),
        (
            '{"type": "FeatureCollection", "features": [], "crs": {"properties": {"name": "EPSG:3857"}}}',
            "GeoJSON is in WGS84 (RFC 7946), this one says EPSG:3857",
        ),
    ],
)
def test_a_file_of_drawings_that_cannot_be_read_is_one_fault(tmp_path, text, fault):
    path = write(tmp_path)
    (tmp_path / "exercise.geojson").write_text(text)
    (found,) = faults(path)
    assert found.startswith(f"exercise.geojson: {fault}")


@pytest.mark.parametrize("text", ["[agreement", b"a\xff\xfe", None])
def test_what_is_not_toml_or_not_there_is_refused(tmp_path, text):
    path = tmp_path / "truce.toml"
    if isinstance(text, str):
        path.write_text(text)
    elif text is not None:
        path.write_bytes(text)
    (found,) = faults(path)
    assert "not TOML" in found or "there is no such file" in found


@pytest.mark.parametrize(
    "text", ["schema = 1", "schema = 1\nparties = 7\nagreement = 3\nterms = []\nsides = ['north']"]
)
def test_a_file_of_the_wrong_shape_is_refused_and_never_breaks(tmp_path, text):
    path = tmp_path / "truce.toml"
    path.write_text(text)
    found = faults(path)
    assert any(line.startswith("agreement") for line in found)
    assert any(line.startswith("terms") for line in found)


def test_a_refusal_is_a_malformed_input_for_every_door(tmp_path):
    with pytest.raises(FaultyFile) as refused:
        read(tmp_path / "nothing.toml")
    assert refused.value.status == 400
