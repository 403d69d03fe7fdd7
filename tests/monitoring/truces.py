"""Mechanism files for tests: the exercise's, with something else written in it."""

import shutil
from pathlib import Path

from monitoring import mechanism
from monitoring.faults import FaultyFile
from monitoring.mechanism_file import MechanismFile, read
from violations import codebook

SHIPPED = Path(mechanism.__file__).parent / "mechanisms"


def write(folder: Path, *changes: tuple[str, str], name: str = "exercise") -> Path:
    """Write the exercise's file to `folder`, each (old, new) of `changes` replaced once, with its GeoJSON beside."""
    text = (SHIPPED / f"{name}.toml").read_text()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = folder / f"{name}.toml"
    path.write_text(text)
    shutil.copy(SHIPPED / f"{name}.geojson", folder)
    return path


def changed(folder: Path, *changes: tuple[str, str]) -> MechanismFile:
    """Return the exercise's mechanism with `changes`."""
    return read(write(folder, *changes), **codebook.FOR_MECHANISMS)


def faults(path: Path) -> list[str]:
    """Return what is wrong with the file, each as 'place: message'."""
    try:
        read(path, **codebook.FOR_MECHANISMS)
    except FaultyFile as error:
        return [str(fault) for fault in error.faults]
    return []
