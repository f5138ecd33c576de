"""Canonical JSON is RFC 8785, and the digest of a case forgets how it was asked."""

from __future__ import annotations

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from medwarrant.model.canonical import canonical, case_digest, record_digest, sha256

keys = st.text(st.characters(max_codepoint=127), max_size=12)
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
integers = st.integers(-(2**53) + 1, 2**53 - 1)
scalars = st.one_of(st.none(), st.booleans(), integers, text)
values = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.dictionaries(keys, inner), max_leaves=20
)


@given(values)
def test_equals_a_complete_implementation(value):
    """For whole numbers and ASCII keys, which is what answers are made of."""
    assert canonical(value) == rfc8785.dumps(value)


def test_every_control_character():
    value = "".join(map(chr, [*range(0x300), 0x2028, 0x2029, 0x1F600]))
    assert canonical({"text": value}) == rfc8785.dumps({"text": value})


def _floats(value):
    if isinstance(value, dict):
        assert all(key.isascii() for key in value)
        value = list(value.values())
    if isinstance(value, list):
        return [found for part in value for found in _floats(part)]
    return [value] if isinstance(value, float) else []


def test_answers_hold_no_fractions(medwarrant):
    request = {
        "services": [{"code": "64405", "drugs": [{"drug": "lidocaine", "dose": "62.5 mg"}]}],
        "diagnoses": ["G43.919"],
        "facts": [{"weight": "70.25 kg"}],
    }
    answer = medwarrant.determine(request).to_dict()
    assert _floats(answer) == []
    assert canonical(answer) == rfc8785.dumps(answer)


def test_the_case_forgets_the_words_and_the_record_does_not(medwarrant):
    answer = medwarrant.determine({"services": ["64405"], "diagnoses": ["G43.919"]}).to_dict()
    reworded = {**answer, "question": "Is it necessary?", "reading": {}, "review": {}}
    assert case_digest(reworded) == case_digest(answer) == answer["digest"]
    assert record_digest(reworded) != record_digest(answer) == answer["record_digest"]
    assert case_digest({**answer, "as_of": "2020-01-01"}) != answer["digest"]
    assert sha256({}) == "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
