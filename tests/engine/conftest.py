"""A bench for single criteria: YAML in, a status out, over the made-up library of tests/packs/clinic."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from medwarrant import Medwarrant, load_packs
from medwarrant.engine.compile import Compiled
from medwarrant.engine.view import View
from medwarrant.intake.structured import RequestReader
from medwarrant.model.determination import Item
from medwarrant.policy import criteria as c
from medwarrant.policy.library import Library
from medwarrant.policy.read_criteria import CriteriaReader
from medwarrant.policy.yaml_source import Problems, read_yaml

CLINIC = Path(__file__).parents[1] / "packs" / "clinic"
_TABLES = ("statements", "payers", "lines_of_business", "contractors", "nerves", "muscles")

#: It holds no examples to run, and two files of this name cannot both be imported as one.
collect_ignore = ["conftest.py"]


class Bench:
    """Reads criteria and requests, and tells what they come to; the date of service is 2026-11-23."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.medwarrant = Medwarrant(library)
        self.compiled = Compiled()
        names = {name: frozenset(getattr(library, name)) for name in (*_TABLES, "regions")}
        names["valuesets"] = frozenset(library.valuesets)
        names["procedures"] = frozenset(
            {*library.procedures, *library.kinds, *(f"T000{n}" for n in range(1, 7))}
        )
        names["drugs"] = frozenset({*library.drugs, *library.drug_classes})
        self.problems = Problems()
        self.reader = CriteriaReader(
            library.facts,
            library.events,
            names,
            lambda statements: any(library.supports(name) for name in statements),
        )

    def criterion(self, text: str) -> c.Criterion:
        value = read_yaml(f"criterion: {text}", "bench.yaml", self.problems)
        assert value is not None, text
        node = self.reader.read(dict(value.entries())["criterion"], ("trial",), set())
        assert node is not None and not self.problems.found, self.problems.found
        return node

    def request(self, facts: str = "[]", **keys: Any) -> Any:
        """A request for the block of the head for migraine; `facts` and keys as YAML text."""
        raw: dict[str, Any] = {
            "services": ["T0001"],
            "diagnoses": ["G43.909"],
            "as_of": "2026-11-23",
            **{key: _plain(value) for key, value in keys.items()},
            "facts": _plain(facts),
        }
        return RequestReader(self.library).read(raw, today=date(2026, 11, 23))

    def view(self, facts: str = "[]", **keys: Any) -> View:
        request = self.request(facts, **keys)
        line, diagnosis = request.pairs()[0]
        return View.of(request, self.library, self.compiled).for_item(line, 0, diagnosis)

    def status(self, text: str, facts: str = "[]", **keys: Any) -> str:
        """The status of a criterion; with and without a trace, which must agree."""
        node, view = self.criterion(text), self.view(facts, **keys)
        bare, traced = self.compiled.bare(node)(view), self.compiled.traced(node)(view)
        assert bare is traced[0]
        return bare.word

    def items(self, facts: str = "[]", **keys: Any) -> dict[str, Item]:
        request = self.request(facts, **keys)
        found = self.medwarrant.engine.determine(request, self.medwarrant.code_set(request))
        return {f"{item.service}/{item.diagnosis}": item for item in found.items}

    def item(self, facts: str = "[]", **keys: Any) -> Item:
        (item,) = self.items(facts, **keys).values()
        return item


def _plain(value: Any) -> Any:
    return yaml.safe_load(value) if isinstance(value, str) else value


@pytest.fixture(scope="session")
def bench() -> Bench:
    return Bench(load_packs(CLINIC, shipped=False, cache=False))
