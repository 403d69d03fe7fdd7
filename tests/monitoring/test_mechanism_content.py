"""Whether two mechanism files say the same is told by a hash of what they say, not of how it is written."""

import json

from monitoring.mechanism_file import read
from tests.monitoring.truces import changed, write


def test_two_files_that_say_the_same_are_the_same_content(tmp_path):
    shipped = changed(tmp_path)
    assert changed(tmp_path, ("# --- Sides ---", "# another remark\n# ---")).sha256 == shipped.sha256
    assert (
        changed(tmp_path, ("from = 2025-03-01\nsource", "from = 2025-03-01T00:00:00-08:00\nsource")).sha256
        == shipped.sha256
    )
    assert changed(tmp_path, ("filing_grace_hours = 48", "filing_grace_hours = 24")).sha256 != shipped.sha256
    there = "reply_deadline_days = 3"
    later = "reply_reminder_days = 1", 'party_requests = "through_guarantor"', "revision_days = []\ncomment_length = 0"
    said_too = "\n".join((there, *later))
    assert changed(tmp_path, (there, said_too)).sha256 == shipped.sha256, "a key that came later changes no old file"
    assert changed(tmp_path, (there, f'{there}\nparty_requests = "direct"')).sha256 != shipped.sha256


def test_which_kinds_are_released_as_they_are_made_is_part_of_what_a_file_of_two_says(tmp_path):
    automatic = 'release = "automatic"'
    none = changed(tmp_path, (automatic, 'release = "by_two"')).sha256
    assert changed(tmp_path, (automatic, 'release = "by_two"\nautomatic_release = []')).sha256 == none
    assert changed(tmp_path, (automatic, 'release = "by_two"\nautomatic_release = ["day"]')).sha256 != none


def test_a_moved_corner_of_a_drawing_is_other_content(tmp_path):
    path = write(tmp_path)
    before = read(path).sha256
    drawn = json.loads((tmp_path / "exercise.geojson").read_text())
    drawn["features"][3]["geometry"]["coordinates"][0][1][0] += 0.0001
    (tmp_path / "exercise.geojson").write_text(json.dumps(drawn))
    assert read(path).sha256 != before
