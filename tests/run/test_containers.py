"""docker-compose.yml asks for what the settings ask for, and the example file names it all and gives nothing away."""

from __future__ import annotations

import re

from tests.run.conftest import ROOT

COMPOSE = (ROOT / "docker-compose.yml").read_text()
EXAMPLE = (ROOT / "deploy/env.example").read_text()
DEMANDED = set(re.findall(r"\$\{(\w+):\?", COMPOSE))


def test_every_secret_of_the_settings_is_demanded():
    required = set(re.findall(r'required\("(\w+)"\)', (ROOT / "config/settings.py").read_text()))
    assert required
    assert required <= DEMANDED


def test_the_example_names_every_secret_and_holds_none():
    assert set(re.findall(r"^(\w+)=$", EXAMPLE, re.MULTILINE)) >= DEMANDED


def test_the_image_is_made_from_the_same_lock_and_runs_as_nobody_in_particular():
    image = (ROOT / "Dockerfile").read_text()
    assert image.count("FROM ") == image.count("FROM debian:12\n") == 1
    assert "--require-hashes -r requirements/runtime.txt" in image
    assert image.rindex("USER ceasefire") > image.rindex("RUN ")


def test_how_many_web_processes_is_said_in_one_place():
    for started in (ROOT / "run", ROOT / "Dockerfile", ROOT / "docker-compose.yml"):
        assert "--workers" not in started.read_text(), started
    assert "WEB_PROCESSES: ${WEB_PROCESSES:-0}" in COMPOSE
