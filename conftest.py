"""Settings of every test run, for the tests and for the examples in docstrings alike."""

from __future__ import annotations

import os
import shutil
import tempfile

import pytest
from hypothesis import HealthCheck, settings

# No deadlines: what is slow on a busy machine is not wrong. Derandomised: the same run everywhere.
settings.register_profile(
    "medwarrant",
    deadline=None,
    derandomize=True,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("medwarrant")

#: Settings like these are not looked at for examples: as modules of one name they would be mistaken for each other.
collect_ignore_glob = ["tests/*conftest.py"]

_made: list[str] = []


def pytest_configure(config: pytest.Config) -> None:
    """Point the cache at one temporary folder for the run, so that nothing of the user's is touched.

    Parallel workers inherit the folder of the run that started them.
    """
    if not hasattr(config, "workerinput"):
        _made.append(tempfile.mkdtemp(prefix="medwarrant-tests-"))
        os.environ["MEDWARRANT_CACHE"] = _made[0]


def pytest_unconfigure() -> None:
    """Remove the folder again."""
    for folder in _made:
        shutil.rmtree(folder, ignore_errors=True)
