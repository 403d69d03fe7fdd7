"""docs/canonical-json.md says how a hash is computed by hand: its example and its command are tried."""

import json
import re
import subprocess
import sys
from pathlib import Path

from monitoring import canonical
from tests.reports import readings

PAGE = (Path(__file__).parents[1] / "docs" / "canonical-json.md").read_text(encoding="utf-8")


def test_the_example_is_written_and_hashed_as_the_page_says():
    content = json.loads(re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)[1])
    written, sha256 = re.findall(r"```text\n(.*?)\n```", PAGE, re.DOTALL)
    assert canonical.dumps(content) == written
    assert canonical.sha256(content) == sha256


def test_the_command_gives_the_hash_on_the_report(tmp_path):
    script = re.search(r"```sh\npython3 -c '\n(.*?)\n' REPORT\.json", PAGE, re.DOTALL)[1]
    for name in readings.ALL:
        rendition = readings.CONTENTS / f"{name}.json"
        told = subprocess.run([sys.executable, "-c", script, rendition], check=True, capture_output=True, text=True)
        assert told.stdout.strip() == readings.reading(name).content_sha256


def test_characters_are_escaped_as_the_page_says():
    text = "".join(map(chr, range(0x80))) + "é/Ж"
    escaped = {0x08: r"\b", 0x09: r"\t", 0x0A: r"\n", 0x0C: r"\f", 0x0D: r"\r", 0x22: r"\"", 0x5C: r"\\"}
    by_hand = "".join(escaped.get(ord(one)) or (f"\\u{ord(one):04x}" if ord(one) < 0x20 else one) for one in text)
    assert canonical.dumps(text) == f'"{by_hand}"'
