"""*What would change this*: supplying exactly a set, as the command line reads it, turns the item."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_requests import requests

from medwarrant.cli.main import run
from medwarrant.engine.supplied import with_facts
from medwarrant.examples import request_of
from medwarrant.intake.facts import FactReader


def assignments(would_change):
    """A set as text for `--fact`, each fact once, built from the JSON of the answer."""
    if not isinstance(would_change, dict):
        would_change = {
            "criteria": [
                {
                    "supply": {
                        "fact": s.supply.fact,
                        "value": s.supply.value,
                        "event": s.supply.event,
                    }
                }
                for s in would_change.criteria
            ]
        }
    supplies = [criterion["supply"] for criterion in would_change["criteria"]]
    return list(dict.fromkeys(assignment(supply) for supply in supplies))


def assignment(supply):
    if supply.get("event") is not None:
        return f"{supply['fact']}={json.dumps(supply['event'])}"
    value = supply["value"]
    return f"{supply['fact']}={value if isinstance(value, str) else json.dumps(value)}"


def outcome_with(medwarrant, request, facts, number):
    supplied = with_facts(request, facts, medwarrant.library)
    found = medwarrant.engine.determine(supplied, medwarrant.code_set(supplied))
    return found.items[number].outcome


def check(medwarrant, request):
    """Every set of every item turns it, and no set does without one of its facts."""
    reader = FactReader(medwarrant.library)
    judged = medwarrant.engine.determine(request, medwarrant.code_set(request))
    wrong = []
    for number, item in enumerate(judged.items):
        assert (item.outcome == "needs_information") == bool(item.would_change)
        assert len(item.would_change) <= 8
        sizes = [len(assignments(one)) for one in item.would_change]
        assert sizes == sorted(sizes)
        for one in item.would_change:
            texts = assignments(one)
            facts = [reader.assignment(text) for text in texts]
            at = f"{item.service}/{item.diagnosis}: {texts}"
            if outcome_with(medwarrant, request, facts, number) != "meets_criteria":
                wrong.append(f"does not turn {at}")
            wrong += [
                f"turns without {texts[left]} {at}"
                for left in range(len(facts))
                if outcome_with(medwarrant, request, facts[:left] + facts[left + 1 :], number)
                == "meets_criteria"
            ]
    return wrong


def test_every_shipped_example(medwarrant):
    wrong = [
        f"{example.file}:{example.line} {found}"
        for pack in medwarrant.library.packs
        for example in pack.examples
        for found in check(medwarrant, request_of(medwarrant, example))
    ]
    assert wrong == []


@settings(max_examples=80)
@given(data=st.data())
def test_random_requests(medwarrant, data):
    assert check(medwarrant, data.draw(requests(medwarrant.library))) == []


@settings(max_examples=60)
@given(data=st.data())
def test_random_requests_of_the_made_up_library(clinic, data):
    assert check(clinic, data.draw(requests(clinic.library))) == []


def _needing(medwarrant):
    """A spread of examples that need information: one of every policy."""
    seen = set()
    for pack in medwarrant.library.packs:
        for example in pack.examples:
            if example.expect.get("outcome") == "needs_information" and example.policy not in seen:
                seen.add(example.policy)
                yield example


def test_through_the_command_line(medwarrant, tmp_path, capfdbinary):
    """The first set of an example of every policy, supplied with --fact, turns its item."""
    examples = list(_needing(medwarrant))
    assert len(examples) > 8
    for example in examples:
        file = tmp_path / "request.json"
        as_of = {"as_of": "2026-11-23"}
        file.write_text(json.dumps({**as_of, **example.request}, default=str), encoding="utf-8")
        before = _json(["determine", str(file)], capfdbinary)
        for number, item in enumerate(before["items"]):
            if item["outcome"] != "needs_information":
                continue
            options = [f"--fact={text}" for text in assignments(item["would_change"][0])]
            after = _json(["determine", str(file), *options], capfdbinary)
            assert after["items"][number]["outcome"] == "meets_criteria", (example.it, options)


def _json(arguments, capfdbinary):
    assert run([*arguments, "--format", "json"]) == 0
    return json.loads(capfdbinary.readouterr().out)


@pytest.mark.parametrize("sets", [8])
def test_no_more_than_eight_sets(medwarrant, sets):
    answer = medwarrant.determine({"services": ["64405"], "diagnoses": ["G43.919"]})
    (item,) = answer.determination.items
    assert 1 <= len(item.would_change) <= sets
