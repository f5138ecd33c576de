"""How long one policy of 13 leaves in 7 groups takes, bare and with a full trace, beside other engines.

    python benchmarks/bench_policy.py [--quick]

The policy is read from YAML by the loader of packs, with facts of the common pack; the case is a
request, seen as the engine sees it. The same decision runs in GoRules ZEN (zen-engine) and in JSONLogic
(datalogic-py, compiled; panzi-json-logic, plain Python) where these are installed
(`pip install -r requirements/bench.txt`). First, all of them must give the same verdicts on the same
cases, in which nothing is missing: only medwarrant tells *missing* from *not met*, which it does here
at no gain to itself.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import Any

from measuring import Table, options, times

from medwarrant import Diagnosis, Fact, Request, ServiceLine, load_packs
from medwarrant.engine.compile import Compiled
from medwarrant.engine.view import View
from medwarrant.model.measures import Range
from medwarrant.model.status import Status
from medwarrant.policy import criteria as c
from medwarrant.policy.library import Library
from medwarrant.policy.load import shipped_packs

PACK = {
    "pack.yaml": """
pack: benchmark
version: 1.0.0
title: A policy to measure with
requires: [common]
""",
    "sources.yaml": """
sources:
  made-up:
    type: report
    kind: guideline
    title: Criteria made up for a benchmark
    status: in_force
    verified: {how: primary, on: 2026-11-23}
""",
    "evidence.yaml": """
statements:
  made-up:
    source: made-up
    locator: throughout
    claim: These criteria exist to be measured
    direction: for
    strength: weak
    certainty: low
    verified: {how: primary, on: 2026-11-23}
""",
    "procedures.yaml": """
procedures:
  benchmark-block:
    codes: ["99999"]
    name: block of a benchmark
    plain: a block that nobody gives
    kind: nerve-block
    cites: [made-up]
""",
    "policies/benchmark.yaml": """
policy: benchmark/block
title: A block that nobody gives
publisher: the benchmark
authority: guideline
status: in_force
effective: {from: 2026-01-01}
services: [benchmark-block]
rests_on: [made-up]
indications:
  - id: measured
    title: A case to measure
    plain: A case to measure
    diagnoses: any
    position: {direction: for, strength: weak, certainty: low}
    rests_on: [made-up]
    requires:
      all_of:
        - any_of:
            - {choice: intent, in: [acute, bridge]}
            - {choice: phase, in: [initial]}
        - {quantity: age, at_least: 18 years}
        - at_least: 2
          of:
            - {flag: trigger-points}
            - {flag: focal-pain}
            - {quantity: pain-score, at_least: 4}
        - any_of:
            - {quantity: pain-duration, at_least: 3 months}
            - all_of:
                - {flag: limits-function}
                - {quantity: headache-days, at_least: 15}
        - none_of:
            - {flag: infection-at-site}
            - {flag: allergy-to-injectate}
            - {flag: coagulopathy}
        - any_of:
            - {choice: setting, in: [office, outpatient]}
""",
}

# The same decision for the others: groups as the policy nests them.
ZEN_GROUPS = {
    "purpose": "intent in ['acute', 'bridge'] or phase in ['initial']",
    "findings": "(trigger_points ? 1 : 0) + (focal_pain ? 1 : 0) + (pain_score >= 4 ? 1 : 0) >= 2",
    "burden": "limits_function and headache_days >= 15",
    "lasting": "pain_duration >= 90 or $.burden",
    "safe": "not(infection_at_site or allergy_to_injectate or coagulopathy)",
    "place": "setting in ['office', 'outpatient']",
    "verdict": "$.purpose and age >= 6480 and $.findings and $.lasting and $.safe and $.place",
}
ZEN_EXPRESSION = (
    f"({ZEN_GROUPS['purpose']}) and age >= 6480 and ({ZEN_GROUPS['findings']}) and "
    f"(pain_duration >= 90 or ({ZEN_GROUPS['burden']})) and {ZEN_GROUPS['safe']} and "
    f"{ZEN_GROUPS['place']}"
)


def _var(name: str) -> dict[str, str]:
    return {"var": name}


def _one_if(test: Any) -> dict[str, Any]:
    return {"if": [test, 1, 0]}


JSON_LOGIC: dict[str, Any] = {
    "and": [
        {
            "or": [
                {"in": [_var("intent"), ["acute", "bridge"]]},
                {"in": [_var("phase"), ["initial"]]},
            ]
        },
        {">=": [_var("age"), 6480]},
        {
            ">=": [
                {
                    "+": [
                        _one_if(_var("trigger_points")),
                        _one_if(_var("focal_pain")),
                        _one_if({">=": [_var("pain_score"), 4]}),
                    ]
                },
                2,
            ]
        },
        {
            "or": [
                {">=": [_var("pain_duration"), 90]},
                {"and": [_var("limits_function"), {">=": [_var("headache_days"), 15]}]},
            ]
        },
        {
            "!": [
                {
                    "or": [
                        _var("infection_at_site"),
                        _var("allergy_to_injectate"),
                        _var("coagulopathy"),
                    ]
                }
            ]
        },
        {"in": [_var("setting"), ["office", "outpatient"]]},
    ]
}
FLAGS = (
    "trigger-points", "focal-pain", "limits-function", "infection-at-site", "allergy-to-injectate",
    "coagulopathy",
)  # fmt: skip
CHOICES = {
    "intent": ("acute", "bridge", "prevention"),
    "phase": ("initial", "repeat"),
    "setting": ("office", "outpatient", "emergency"),
}
#: In the base unit of the fact: durations in days, a year of 360.
QUANTITIES = {
    "age": (16 * 360, 18 * 360, 50 * 360),
    "pain-score": (2, 4, 7),
    "pain-duration": (30, 90, 400),
    "headache-days": (4, 15, 20),
}

#: A case as plain data, keys with underscores.
Case = dict[str, Any]
ALL_MET: Case = {
    "intent": "acute", "phase": "initial", "setting": "office", "age": 18000, "pain_score": 7,
    "pain_duration": 400, "headache_days": 20, "trigger_points": True, "focal_pain": True,
    "limits_function": True, "infection_at_site": False, "allergy_to_injectate": False,
    "coagulopathy": False,
}  # fmt: skip


def cases(number: int) -> Iterator[Case]:
    """Cases in which everything is known, about half of them met; the same at every run."""
    drawn = random.Random(20261123)
    for _ in range(number):
        case = dict(ALL_MET)
        for name in drawn.sample(sorted(case), k=drawn.randint(1, 5)):
            fact = name.replace("_", "-")
            values = CHOICES.get(fact) or QUANTITIES.get(fact) or (True, False)
            case[name] = drawn.choice(values)
        yield case


def read_policy() -> tuple[Library, c.Criterion]:
    """The criteria of the policy above, through the loader of packs."""
    common = next(path for path in shipped_packs() if path.name == "common")
    with tempfile.TemporaryDirectory(prefix="medwarrant-bench-") as folder:
        for name, text in PACK.items():
            path = Path(folder, "benchmark", name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        library = load_packs(common, Path(folder, "benchmark"), shipped=False, cache=False)
    tree = library.policies["benchmark/block"].indications[0].requires
    assert tree is not None
    groups = sum(c.is_connective(node) for node in c.walk(tree))
    leaves = sum(not c.is_connective(node) for node in c.walk(tree))
    assert (leaves, groups) == (13, 7), (leaves, groups)
    return library, tree


def request_of(case: Case) -> Request:
    """A case as a request states it."""
    facts = [
        Fact(fact=name, status="present" if case[name.replace("-", "_")] else "absent")
        for name in FLAGS
    ]
    facts += [
        Fact(fact=name, value=Range(value, value))
        for name in QUANTITIES
        for value in [float(case[name.replace("-", "_")])]
    ]
    line = ServiceLine(
        code="99999", intent=case["intent"], phase=case["phase"], setting=case["setting"]
    )
    return Request(
        services=(line,),
        diagnoses=(Diagnosis(code="R52"),),
        facts=tuple(facts),
        as_of=date(2026, 11, 23),
    )


def view_of(case: Case, library: Library, compiled: Compiled) -> View:
    """A case as the engine sees it."""
    return arranged(request_of(case), library, compiled)


def arranged(request: Request, library: Library, compiled: Compiled) -> View:
    """A request of one item as criteria read it."""
    base = View.of(request, library, compiled)
    return base.for_item(request.services[0], 0, request.diagnoses[0])


def zen_decision() -> Any:
    """The decision as a graph of GoRules: input, one node of expressions, output."""
    import zen

    expressions = [{"id": name, "key": name, "value": value} for name, value in ZEN_GROUPS.items()]
    at = {"x": 0, "y": 0}
    nodes = [
        {"id": "in", "name": "case", "type": "inputNode", "position": at},
        {
            "id": "rules",
            "name": "rules",
            "type": "expressionNode",
            "position": at,
            "content": {"expressions": expressions},
        },
        {"id": "out", "name": "answer", "type": "outputNode", "position": at},
    ]
    edges = [
        {"id": f"{one}-{other}", "sourceId": one, "targetId": other, "type": "edge"}
        for one, other in (("in", "rules"), ("rules", "out"))
    ]
    graph = {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}
    return zen.ZenEngine().create_decision(json.dumps(graph))


Decide = Callable[[Case], bool]


def others() -> dict[str, Decide]:
    """The other engines that are installed, each deciding a case as data."""
    found: dict[str, Decide] = {}
    try:
        import zen
    except ImportError:
        pass
    else:
        version = metadata.version("zen-engine")
        decision, expression = zen_decision(), zen.compile_expression(ZEN_EXPRESSION)
        found[f"zen-engine {version}: one expression"] = lambda case: expression.evaluate(case)
        found[f"zen-engine {version}: decision"] = lambda case: decision.evaluate(case)["result"][
            "verdict"
        ]
        found[f"zen-engine {version}: decision with trace"] = lambda case: decision.evaluate(
            case, {"trace": True}
        )["result"]["verdict"]
    try:
        import datalogic_py
    except ImportError:
        pass
    else:
        engine = datalogic_py.Engine()
        session, rule = engine.session(), engine.compile(JSON_LOGIC)
        name = f"JSONLogic, datalogic-py {metadata.version('datalogic-py')}"
        found[name] = lambda case: session.evaluate(rule, case)
        text = json.dumps(JSON_LOGIC)
        found[f"{name}: with trace"] = lambda case: json.loads(
            engine.evaluate_with_trace(text, json.dumps(case))
        )["result"]
    try:
        from json_logic import jsonLogic
    except ImportError:
        pass
    else:
        name = f"JSONLogic, panzi-json-logic {metadata.version('panzi-json-logic')}"
        found[name] = lambda case: jsonLogic(JSON_LOGIC, case)
    return found


def main() -> None:
    chosen = options(__doc__.splitlines()[0])
    runs = 3 if chosen.quick else 51
    library, tree = read_policy()
    compiled = Compiled()
    bare, traced = compiled.bare(tree), compiled.traced(tree)
    engines = others()

    tried = list(cases(400))
    views = [view_of(case, library, compiled) for case in tried]
    met = 0
    for case, view in zip(tried, views, strict=True):
        verdict = bare(view)
        assert traced(view)[0] is verdict
        assert verdict is not Status.MISSING
        met += verdict is Status.MET
        for name, decide in engines.items():
            assert bool(decide(case)) == (verdict is Status.MET), (name, case)
    print(
        f"The same verdicts on {len(tried)} cases without missing data ({met} met, "
        f"{len(tried) - met} not met): medwarrant and {len(engines)} others."
    )

    def each(function: Callable[[Any], object], values: list[Any]) -> list[float]:
        """Seconds for one value, each run going once through all of them."""

        def through() -> None:
            for value in values:
                function(value)

        return [taken / len(values) for taken in times(through, runs)]

    table = Table(
        f"A policy of 13 leaves in 7 groups, a case (mean of {len(tried)}, n times)", "µs", 1e6
    )
    table.add("medwarrant: status only", each(bare, views), 5)
    table.add("medwarrant: with full trace", each(traced, views), 15)
    for name, decide in engines.items():
        table.add(name, each(decide, tried[:100]))
    requests = [request_of(case) for case in tried]
    table.add(
        "medwarrant: the facts of a request arranged",
        each(lambda request: arranged(request, library, compiled), requests),
    )
    table.show()
    print("medwarrant is given facts that are arranged already (the last row, once an item); the")
    print("others a dictionary, which those written in Rust convert at every call.")
    if not engines:
        print(
            "No other engine is installed: pip install --require-hashes -r requirements/bench.txt"
        )


if __name__ == "__main__":
    main()
