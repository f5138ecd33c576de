"""Fixtures that several folders of tests share."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from medwarrant import Medwarrant, load_packs
from medwarrant.policy.library import Library
from medwarrant.terminology.icd10cm import Icd10cm

#: A date of service for tests, so that they do not age with the calendar.
AS_OF = date(2026, 11, 23)


@pytest.fixture(scope="session", autouse=True)
def code_sets() -> None:
    """Prepare the code sets, so that no test that looks at messages meets the one about that."""
    Icd10cm.open().close()


@pytest.fixture(scope="session")
def library() -> Library:
    """The packs that ship."""
    return load_packs()


@pytest.fixture(scope="session")
def medwarrant(library: Library) -> Medwarrant:
    """The packs that ship with the code sets, ready to answer."""
    return Medwarrant(library)


@pytest.fixture(scope="session")
def retracted(library: Library, medwarrant: Medwarrant) -> Medwarrant:
    """The packs that ship, as if every one of their sources had been retracted."""
    packs = [
        msgspec.structs.replace(
            pack,
            sources={
                name: msgspec.structs.replace(source, status="retracted")
                for name, source in pack.sources.items()
            },
        )
        for pack in library.packs
    ]
    return Medwarrant(Library(packs), medwarrant.icd)


@pytest.fixture(scope="session")
def as_of() -> date:
    """The date of service of tests that name none."""
    return AS_OF
