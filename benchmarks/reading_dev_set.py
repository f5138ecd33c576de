"""How well questions are read: precision and recall on a folder of labelled questions, and the time.

The folder holds `questions.jsonl` with the fields question, codes_in_question, icd10_in_question and
icd10_mapping_by_collector. It is given as `--dev-set`, or in $MEDWARRANT_DEV_SET.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

from medwarrant import Medwarrant
from medwarrant.intake.question import read_question
from medwarrant.intake.reading import Reading

#: A date of service, so that figures do not change with the calendar.
AS_OF = date(2026, 11, 23)


def main() -> int:
    """Read every question and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev-set", default=os.environ.get("MEDWARRANT_DEV_SET"))
    parser.add_argument("--show", action="store_true", help="print what was missed")
    options = parser.parse_args()
    path = Path(options.dev_set or "") / "questions.jsonl"
    if not options.dev_set or not path.is_file():
        sys.stdout.write("no labelled questions: give --dev-set FOLDER or set MEDWARRANT_DEV_SET\n")
        return 0
    questions = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    room = Medwarrant()
    readings, seconds = [], []
    for question in questions:
        started = time.perf_counter()
        readings.append(read_question(question["question"], room.library, room.icd, as_of=AS_OF))
        seconds.append(time.perf_counter() - started)
    _print_figures(questions, readings, seconds, options.show)
    return 0


def _print_figures(
    questions: list[dict[str, Any]], readings: list[Reading], seconds: list[float], show: bool
) -> None:
    coded = [
        (set(q["codes_in_question"]), {s.code for s in r.services})
        for q, r in zip(questions, readings)
        if q["codes_in_question"]
    ]
    _score("service codes, questions that give codes", coded)
    written = [
        (set(q["icd10_in_question"]), {d.code for d in r.diagnoses})
        for q, r in zip(questions, readings)
        if q["icd10_in_question"]
    ]
    _score("diagnosis codes, questions that give codes", written)
    labels = [_diagnoses(q) for q in questions]
    named = [(want, {d.code for d in r.diagnoses}) for want, r in zip(labels, readings) if want]
    _score("all diagnoses, by exact code", named)
    _score(
        "all diagnoses, by category",
        [({c[:3] for c in want}, {c[:3] for c in got}) for want, got in named],
    )
    words = sum(len(q["diagnoses_in_words"]) for q in questions)
    understood = sum(
        _is_covered(phrase, r)
        for q, r in zip(questions, readings)
        for phrase in q["diagnoses_in_words"]
    )
    _line("diagnoses in words that were read", f"{understood} of {words}")
    in_words = [(q, r) for q, r in zip(questions, readings) if not q["codes_in_question"]]
    _line(
        "services in words only: a service was read",
        f"{sum(bool(r.services) for _, r in in_words)} of {len(in_words)}",
    )
    facts = sum(len(q.get("patient_facts", [])) for q in questions)
    _line("facts labelled / read", f"{facts} / {sum(len(r.facts) for r in readings)}")
    _line("not understood and said so", str(sum(len(r.unrecognised) for r in readings)))
    ordered = sorted(seconds[1:])
    _line(
        "time, median / slowest / first",
        f"{statistics.median(ordered) * 1e3:.1f} / {ordered[-1] * 1e3:.1f} / {seconds[0] * 1e3:.1f} ms",
    )
    if show:
        for question, want, reading in zip(questions, labels, readings):
            missed = want - {d.code for d in reading.diagnoses}
            extra = {d.code for d in reading.diagnoses} - want
            if missed or extra:
                _line(
                    str(question.get("id", "")),
                    f"missed {sorted(missed)}, beyond the labels {sorted(extra)}",
                )


def _diagnoses(question: dict[str, Any]) -> set[str]:
    """The codes written, and those a person mapped from words (partial codes left out)."""
    mapped = " ".join(str(value) for value in question["icd10_mapping_by_collector"].values())
    return set(question["icd10_in_question"]) | set(
        re.findall(r"\b[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?\b(?![x-])", mapped)
    )


def _is_covered(phrase: str, reading: Reading) -> bool:
    words = set(re.findall(r"[a-z]{4,}", phrase.lower()))
    return any(
        words & set(re.findall(r"[a-z]{4,}", f"{d.text} {d.title}".lower())) or d.code == phrase
        for d in reading.diagnoses
    )


def _score(name: str, pairs: list[tuple[set[str], set[str]]]) -> None:
    right = sum(len(want & got) for want, got in pairs)
    got = sum(len(got) for _, got in pairs) or 1
    want = sum(len(want) for want, _ in pairs) or 1
    _line(
        name,
        f"precision {right / got:.2f}, recall {right / want:.2f} ({right} right, {got} read, {want} labelled)",
    )


def _line(name: str, value: str) -> None:
    sys.stdout.write(f"{name:48} {value}\n")


if __name__ == "__main__":
    raise SystemExit(main())
