"""Run the examples of packs: each request in, each expectation compared with what comes out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec

from .answer import Medwarrant
from .intake.structured import RequestReader
from .model.determination import Item, ProposedDetermination
from .model.errors import InputError
from .model.request import Request
from .policy.pack import Example

#: The date of service of an example that gives none, so that examples do not age.
EXAMPLE_DATE = date(2026, 11, 23)


class ExampleResult(msgspec.Struct, frozen=True, kw_only=True):
    """One example with the differences found; none means that it holds."""

    example: Example
    pack: str
    differences: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether everything came out as expected."""
        return not self.differences


def run_examples(medwarrant: Medwarrant, policy: str | None = None) -> Iterator[ExampleResult]:
    """Run the examples of all packs, or of one policy.

    >>> results = list(run_examples(Medwarrant()))
    >>> all(result.holds for result in results)
    True
    """
    for pack in medwarrant.library.packs:
        for example in pack.examples:
            if policy is None or example.policy == policy:
                yield run_example(medwarrant, example, pack.id)


def request_of(medwarrant: Medwarrant, example: Example) -> Request:
    """The request of an example; raises `InputError` if it cannot be read."""
    return RequestReader(medwarrant.library).read(example.request, today=EXAMPLE_DATE)


def run_example(medwarrant: Medwarrant, example: Example, pack: str) -> ExampleResult:
    """Run one example."""
    try:
        request = request_of(medwarrant, example)
    except InputError as error:
        return ExampleResult(
            example=example, pack=pack, differences=(f"the request is not valid: {error}",)
        )
    determination = medwarrant.engine.determine(request, medwarrant.code_set(request))
    policy = medwarrant.library.policies.get(example.policy or "")
    governs = policy is None or policy.status_on(request.as_of) == "in_force"
    differences = tuple(_differences(example, determination, governs))
    return ExampleResult(example=example, pack=pack, differences=differences)


def _differences(
    example: Example, determination: ProposedDetermination, governs: bool
) -> Iterator[str]:
    """What came out otherwise; a policy not in force (`governs` false) must not govern."""
    expect = dict(example.expect)
    items = {f"{item.service}/{item.diagnosis}": item for item in determination.items}
    for pair, wanted in expect.pop("items", {}).items():
        item = items.get(pair)
        if item is None:
            yield f"there is no item {pair}"
        else:
            yield from _item_differences(wanted, item, pair)
    if not expect:
        return
    if len(items) > 1 and set(expect) == {"outcome"}:
        if determination.outcome != expect["outcome"]:
            yield f"outcome of the request is {determination.outcome}, not {expect['outcome']}"
        return
    if len(items) != 1:
        yield f"the request has {len(items)} items; name them under items:"
        return
    (item,) = items.values()
    yield from _item_differences(expect, item, "")
    if example.policy is None or item.governing is None:
        return
    if governs and item.governing.policy != example.policy:
        yield f"{item.governing.policy} governs, not {example.policy}"
    if not governs and item.governing.policy == example.policy:
        yield f"{example.policy} governs, though it is not in force"


def _item_differences(expect: dict[str, Any], item: Item, pair: str) -> Iterator[str]:
    at = f"{pair}: " if pair else ""
    found: dict[str, Any] = {
        "outcome": item.outcome,
        "reasons": set(item.reasons),
        "missing": set(item.missing),
        "not_met": set(_not_met(item.criteria)),
        "governing": item.governing.policy if item.governing else None,
        "coding": {finding.kind for finding in item.coding},
        "safety": {finding.id for finding in item.safety},
        "indication_outcomes": {i.id: i.outcome for i in item.indications},
    }
    for key, wanted in expect.items():
        have = found.get(key)
        if key == "missing":
            if set(_listed(wanted)) != have:
                yield f"{at}missing is {sorted(have or ())}, not {sorted(_listed(wanted))}"
        elif key in ("reasons", "coding", "safety", "not_met"):
            lacking = set(_listed(wanted)) - (have or set())
            if lacking:
                yield f"{at}{key} lacks {sorted(lacking)}; it is {sorted(have or ())}"
        elif key == "indication_outcomes":
            for name, outcome in wanted.items():
                if (have or {}).get(name) != outcome:
                    yield f"{at}indication {name} is {(have or {}).get(name)}, not {outcome}"
        elif have != wanted:
            yield f"{at}{key} is {have}, not {wanted}"


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]


def _not_met(criteria: Any) -> Iterator[str]:
    if criteria is None:
        return
    if criteria.status == "not_met":
        yield criteria.id
    for child in criteria.children:
        yield from _not_met(child)
