"""Whatever is done to a message, it is read or refused with one message, never a traceback."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from json_places import places

from medwarrant.intake.fhir import read_fhir
from medwarrant.model.errors import InputError

MESSAGE = json.loads((Path(__file__).parent / "data" / "fhir_prior_authorization.json").read_text())
HOSTILE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.text(max_size=30),
    st.sampled_from(
        ["", "\x00\x1b[2J", "\ud800", "G43.719", "64405", "2026-13-45", "2026-02-30T25:61", "#", "Patient/p", "#tablet", "a" * 5000, "%", "1e999"]
    ),
    st.sampled_from([[], {}, [None], [[]], [{}], {"coding": [{}]}, {"coding": [{"system": 3}]}, {"reference": {}}, {"value": 1e300}]),
    st.recursive(st.none(), lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2), max_leaves=6),
)  # fmt: skip


PLACES = [place for place in places(MESSAGE) if place]


def changed(changes):
    message = deepcopy(MESSAGE)
    for place, value, remove in changes:
        target = message
        try:
            for key in place[:-1]:
                target = target[key]
            if remove:
                del target[place[-1]]
            else:
                target[place[-1]] = deepcopy(value)
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took the place away
    return message


def pointed(message, pointer):
    """Whether a JSON pointer names a place of the message, or a member that is lacking there."""
    target = message
    *path, last = pointer.split("/")[1:] or [""]
    for key in path:
        key = key.replace("~1", "/").replace("~0", "~")
        target = target[int(key)] if isinstance(target, list) else target[key]
    return isinstance(target, dict | list) or last == ""


@settings(max_examples=250)
@given(st.lists(st.tuples(st.sampled_from(PLACES), HOSTILE, st.booleans()), min_size=1, max_size=4))
def test_changed_messages_are_read_or_refused(medwarrant, changes):
    message = changed(changes)
    refused: InputError | None = None
    try:
        found = read_fhir(message, medwarrant.library, medwarrant.icd, today=date(2026, 11, 23))
    except InputError as error:
        refused = error
    if refused is not None:
        assert len(str(refused)) < 400
        assert refused.where == "" or pointed(message, refused.where)
        return
    json.dumps([r.message for r in found.reading.assumptions], ensure_ascii=False).encode()
    assert not any(c < " " for entry in found.reading.unrecognised for c in entry.text)


@settings(max_examples=15)
@given(st.tuples(st.sampled_from(PLACES), HOSTILE, st.booleans()))
def test_changed_messages_are_judged_or_refused(medwarrant, change):
    try:
        answer = medwarrant.determine(changed([change]))
    except InputError:
        return
    assert answer.to_dict()["digest"].startswith("sha256:")


@pytest.mark.parametrize("kind", ["contained", "list", "bundle"])
def test_depth_and_number_are_bounded(medwarrant, kind):
    inner: dict = {"resourceType": "Claim"}
    for _ in range(200):
        if kind == "contained":
            inner = {"resourceType": "Claim", "contained": [inner]}
        elif kind == "bundle":
            inner = {"resourceType": "Bundle", "entry": [{"resource": inner}]}
    if kind == "list":
        inner = {
            "resourceType": "Bundle",
            "entry": [{"resource": {"resourceType": "Basic"}}] * 6000,
        }
    with pytest.raises(InputError, match=r"nested|more than|bundles within"):
        read_fhir(inner, medwarrant.library, medwarrant.icd, today=date(2026, 11, 23))


def test_a_resource_that_refers_to_itself_ends(medwarrant):
    itself = {
        "resourceType": "Claim",
        "id": "c",
        "related": [{"claim": {"reference": "Claim/c"}}],
        "patient": {"reference": "Claim/c"},
        "facility": {"reference": "PractitionerRole/r"},
    }
    role = {
        "resourceType": "PractitionerRole",
        "id": "r",
        "location": [{"reference": "PractitionerRole/r"}],
    }
    message = {"resourceType": "Bundle", "entry": [{"resource": itself}, {"resource": role}]}
    read_fhir(message, medwarrant.library, medwarrant.icd, today=date(2026, 11, 23))
