"""Published example messages, where a folder of them is at hand, are read or refused."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

import pytest

from medwarrant.intake.fhir import is_fhir, read_fhir
from medwarrant.model.errors import InputError

FOLDER = os.environ.get("MEDWARRANT_FHIR_EXAMPLES", "")
FILES = sorted(Path(FOLDER).rglob("*.json")) if FOLDER else []


@pytest.mark.skipif(not FILES, reason="MEDWARRANT_FHIR_EXAMPLES names no folder of FHIR messages")
def test_published_messages_are_read_or_refused(medwarrant):
    read = 0
    for path in FILES:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if not is_fhir(raw):
            continue
        try:
            found = read_fhir(raw, medwarrant.library, medwarrant.icd, today=date(2026, 11, 23))
        except InputError:
            continue
        read += 1
        reading = found.reading
        known = reading.services or reading.unrecognised or reading.assumptions
        assert known, f"{path}: nothing is said of it"
    assert read > 0
