"""Packs written by a test: a few files over the made-up library of tests/packs/clinic."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from medwarrant import PackError, load_packs
from medwarrant.policy.check import check_library

CLINIC = Path(__file__).parents[1] / "packs" / "clinic"

#: It holds no examples to run, and two files of this name cannot both be imported as one.
collect_ignore = ["conftest.py"]


class Shelf:
    """A folder of packs: the made-up library, and one that the test writes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.own = folder / "own"
        shutil.copytree(CLINIC, folder / "clinic")
        self.write("pack.yaml", "pack: own\nversion: 1.0.0\ntitle: Own\nrequires: [clinic]\n")

    def write(self, name: str, text: str | bytes) -> None:
        path = self.own / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)

    def load(self, *, cache: bool = False):
        return load_packs(self.folder, shipped=False, cache=cache)

    def problems(self) -> list[str]:
        """The problems that keep the packs from loading, or none."""
        try:
            self.load()
        except PackError as error:
            return [str(problem) for problem in error.problems]
        return []

    def found(self) -> list[tuple[str, str]]:
        """Rule and message of what the author checks find in the test's own pack."""
        return [
            (problem.rule, problem.message)
            for problem in check_library(self.load())
            if problem.file.startswith("own/")
        ]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "packs")
