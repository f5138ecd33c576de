"""How well questions are read: precision and recall kind by kind, negation, and time.

    python benchmarks/reading_questions.py            every labelled question of the tests
    python benchmarks/reading_questions.py --show     with every miss and everything beyond the labels
    python benchmarks/reading_questions.py --dev-set FOLDER    also labelled questions kept elsewhere

Measured apart: the sentences the reader was built with; fifty questions of which half were learnt from at
first and half only after they had been measured; questions written last; ninety fresh ones, of which 60 were learnt
from and 30 measured first. A folder given as `--dev-set`, or in
$MEDWARRANT_DEV_SET, holds `questions.jsonl` with the fields question, codes_in_question, icd10_in_question and
icd10_mapping_by_collector.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import sys
import time
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from reading_labels import Tally, compare, total

from medwarrant import Medwarrant
from medwarrant.intake.question import read_question

#: A date of service, so that figures do not change with the calendar.
AS_OF = date(2026, 11, 23)
_TESTS = Path(__file__).parent.parent / "tests" / "intake"
#: Where the blind set is divided.
_PARTS = (("first half", 0, 25), ("second half", 25, 50), ("written last", 50, None))


def main() -> int:
    """Read every question and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dev-set", default=os.environ.get("MEDWARRANT_DEV_SET"))
    parser.add_argument("--show", action="store_true", help="print what was missed")
    options = parser.parse_args()
    room = Medwarrant()
    own = [_own_labels(labels) for labels in _load("questions.yaml")]
    blind = _load("blind_questions.yaml")
    _measure("sentences of the tests", own, room, options.show)
    for name, first, last in _PARTS:
        _measure(f"blind set, {name}", blind[first:last], room, options.show)
    fresh = _load("fresh_questions.yaml")
    for number in (1, 2):
        chosen = [labels for labels in fresh if labels["set"] == number]
        _measure(f"fresh questions, set {number}", chosen, room, options.show)
    _paraphrases(room)
    path = Path(options.dev_set or "") / "questions.jsonl"
    if options.dev_set and path.is_file():
        lines = path.read_text("utf-8").splitlines()
        kept = [_kept_elsewhere(json.loads(line)) for line in lines if line.strip()]
        _measure("questions kept elsewhere", kept, room, options.show)
    return 0


def _load(name: str) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = yaml.safe_load((_TESTS / name).read_text("utf-8"))
    return loaded


def _own_labels(labels: Mapping[str, Any]) -> dict[str, Any]:
    """The labels of the tests in the form of the blind set: every code counts as written."""
    return {
        "question": labels["question"],
        "written": labels["services"],
        "diagnoses": [[code] for code in labels["diagnoses"]],
        "facts": labels.get("facts", ()),
        "facts_in_part": True,
    }


def _kept_elsewhere(labels: Mapping[str, Any]) -> dict[str, Any]:
    mapped = " ".join(str(value) for value in labels["icd10_mapping_by_collector"].values())
    codes = re.findall(r"\b[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?\b(?![x-])", mapped)
    return {
        "question": labels["question"],
        "written": labels["codes_in_question"],
        "services_in_part": True,
        "diagnoses": [[code] for code in dict.fromkeys((*labels["icd10_in_question"], *codes))],
        "facts_in_part": True,
    }


def _measure(
    name: str, questions: Iterable[Mapping[str, Any]], room: Medwarrant, show: bool
) -> None:
    tallies, seconds = [], []
    for labels in questions:
        started = time.perf_counter()
        reading = read_question(labels["question"], room.library, room.icd, as_of=AS_OF)
        seconds.append(time.perf_counter() - started)
        tally = Tally()
        compare(labels, reading, room.library, tally)
        tallies.append(tally)
        if show and tally.wrong:
            _print(labels["question"], *tally.wrong)
    _print("", f"{name}: {len(tallies)} questions")
    _figures(total(tallies))
    ordered = sorted(seconds)
    _print(
        f"  time               median {statistics.median(ordered) * 1e3:.1f} ms, slowest {ordered[-1] * 1e3:.1f} ms"
    )


def _figures(tally: Tally) -> None:
    for kind in sorted(tally.labelled):
        right, labelled = tally.right[kind], tally.labelled[kind]
        _print(f"  {kind:20} recall {right / labelled:.2f} ({right} of {labelled})")
    for kind, read in sorted(tally.read.items()):
        borne = read - tally.beyond[kind]
        _print(f"  {kind:20} precision {borne / read:.2f} ({borne} of {read})")


def _paraphrases(room: Medwarrant) -> None:
    groups = _load("paraphrases.yaml")
    same = total_questions = 0
    for group in groups:
        digests = [room.ask(question, as_of=AS_OF).digest for question in group["questions"]]
        most = statistics.mode(digests)
        same += sum(digest == most for digest in digests)
        total_questions += len(digests)
    _print(
        "",
        f"paraphrases: {same} of {total_questions} with the digest of their group, {len(groups)} groups",
    )


def _print(*lines: str) -> None:
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    raise SystemExit(main())
