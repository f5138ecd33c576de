"""The made-up library of tests/packs/clinic, ready to answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from medwarrant import Medwarrant, load_packs

#: It holds no examples to run, and two files of this name cannot both be imported as one.
collect_ignore = ["conftest.py"]


@pytest.fixture(scope="session")
def clinic() -> Medwarrant:
    folder = Path(__file__).parents[1] / "packs" / "clinic"
    return Medwarrant(load_packs(folder, shipped=False, cache=False))
