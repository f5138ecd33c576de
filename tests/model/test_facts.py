"""Ids of facts do not depend on the order in which they were read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from medwarrant.model.facts import EventValue, Fact, fact_ids
from medwarrant.model.measures import Range

EVENTS = {"drug-trial"}
events = st.dictionaries(
    st.sampled_from(["drug", "outcome", "duration"]),
    st.sampled_from(["a", "b", Range(1.0, 2.0)]),
).map(lambda attributes: Fact(fact="drug-trial", value=EventValue.of(attributes)))
plain = st.builds(
    Fact,
    fact=st.sampled_from(["intent", "setting"]),
    value=st.sampled_from(["acute", "office"]),
    service=st.sampled_from([None, "64405"]),
)


@given(st.lists(st.one_of(events, plain), max_size=7), st.randoms())
def test_ids_are_unique_and_follow_the_facts(facts, random):
    ids = fact_ids(facts, EVENTS)
    assert len(set(ids)) == len(facts)
    shuffled = list(facts)
    random.shuffle(shuffled)
    assert sorted(zip(fact_ids(shuffled, EVENTS), map(repr, shuffled))) == sorted(
        zip(ids, map(repr, facts))
    )


def test_names():
    facts = [
        Fact(fact="intent", value="acute"),
        Fact(fact="intent", value="prevention"),
        Fact(fact="intent", value="acute", service="64405"),
        Fact(fact="drug-trial", value=EventValue.of({"drug": "sumatriptan"})),
    ]
    assert fact_ids(facts, EVENTS) == ["intent", "intent#2", "intent@64405", "drug-trial#1"]


def test_an_event_has_one_form():
    assert EventValue.of({"b": "2", "a": "1"}) == EventValue.of({"a": "1", "b": "2"})
    assert EventValue.of({"a": "1"}).get("b") is None
