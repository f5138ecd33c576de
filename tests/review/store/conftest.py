"""Rows in a desk."""

from __future__ import annotations

import pytest
from rows import write_case


@pytest.fixture
def written(people):
    """Writes rows of every kind to a desk."""

    def write(desk):
        return write_case(desk, people)

    return write
