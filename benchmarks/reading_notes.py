"""How well notes are read: precision, recall, negation and time, on labelled notes.

    python benchmarks/reading_notes.py                      the notes of the tests
    python benchmarks/reading_notes.py --show               with every miss and every invention
    python benchmarks/reading_notes.py --dev-set FILE       notes with hand-read labels (JSON Lines)
    python benchmarks/reading_notes.py --against PYTHON     negation also by medspaCy, in its own environment

A fact counts as found where its id and status agree and, of an event, every labelled attribute; attributes
that were not labelled are wrong, but those derived from a usual use.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from medwarrant import load_packs
from medwarrant.engine.supply import event_json, value_json
from medwarrant.intake.facts import FactReader
from medwarrant.intake.notes.note import NoteReading, held_in, read_note
from medwarrant.intake.notes.sections import read_sections
from medwarrant.intake.notes.templates import read_templates
from medwarrant.intake.words.document import Document
from medwarrant.intake.words.marked import Marked
from medwarrant.model.facts import EventValue, Fact
from medwarrant.terminology.icd10cm import Icd10cm

NOTES = Path(__file__).parent.parent / "tests" / "intake" / "notes"
_MEDSPACY = Path(__file__).parent / "context_by_medspacy.py"


@dataclass
class Score:
    """Counts over notes."""

    right: int = 0
    invented: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    polarity_right: int = 0
    polarity_wrong: list[str] = field(default_factory=list)
    denied_found: int = 0
    denied_missed: list[str] = field(default_factory=list)
    diagnoses_found: int = 0
    diagnoses_missed: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / max(self.right + len(self.invented), 1)

    @property
    def recall(self) -> float:
        return self.right / max(self.right + len(self.missed), 1)

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    @property
    def negation(self) -> float:
        return self.polarity_right / max(self.polarity_right + len(self.polarity_wrong), 1)

    @property
    def denied_recall(self) -> float:
        return self.denied_found / max(self.denied_found + len(self.denied_missed), 1)


def labelled(folder: Path = NOTES) -> list[dict[str, Any]]:
    """The labelled notes of a folder."""
    return [yaml.safe_load(path.read_text("utf-8")) for path in sorted(folder.glob("*.yaml"))]


def told(fact: Fact, library: Any) -> dict[str, Any]:
    """A fact as the labels write it."""
    if fact.fact in library.events:
        attributes = (
            event_json(fact.fact, fact.value, library) if isinstance(fact.value, EventValue) else {}
        )
        return {"event": fact.fact, "status": fact.status, **attributes}
    definition = library.facts[fact.fact]
    value = None if fact.value is None else value_json(fact.value, definition.unit)
    return {"fact": fact.fact, "status": fact.status, "value": value}


def wanted(label: dict[str, Any], library: Any) -> dict[str, Any]:
    """A label in the same form, its values checked against the fact dictionary."""
    reader = FactReader(library)
    if "event" in label:
        rest = {key: value for key, value in label.items() if key not in ("event", "status")}
        if label.get("status") == "absent":
            return {"event": label["event"], "status": "absent", **rest}
        fact = reader.fact(
            label["event"],
            {k: str(v) if not isinstance(v, list) else v for k, v in rest.items()},
            where="label",
        )
        return told(fact, library)
    if "value" in label:
        return told(reader.fact(label["fact"], label["value"], where="label"), library)
    return {"fact": label["fact"], "status": label.get("status", "present"), "value": None}


def agree(found: dict[str, Any], label: dict[str, Any]) -> bool:
    """Whether a fact that was read is the labelled one."""
    ignored = {"used_for", "levels", "side", "intent"} - set(label)
    return {k: v for k, v in found.items() if k not in ignored} == label


def score(note: dict[str, Any], reading: NoteReading, library: Any, into: Score) -> None:
    """Compare one reading with its labels."""
    found = [told(fact, library) for fact in reading.facts]
    labels = [wanted(label, library) for label in note["facts"]]
    open_labels = list(labels)
    may = set(note.get("may", ()))
    for fact in found:
        match = next((label for label in open_labels if agree(fact, label)), None)
        if match is not None:
            open_labels.remove(match)
            into.right += 1
        elif (fact.get("fact") or fact.get("event")) not in may:
            into.invented.append(f"{note['note']}: {fact}")
    into.missed += [f"{note['note']}: {label}" for label in open_labels]
    for label in labels:
        if label.get("value") is None and "fact" in label:
            said = {fact["status"] for fact in found if fact.get("fact") == label["fact"]}
            if said:
                if label["status"] in said:
                    into.polarity_right += 1
                else:
                    into.polarity_wrong.append(f"{note['note']}: {label['fact']} read as {said}")
    for words in note.get("denied", ()):
        said = {s.status for s in reading.statements if _about(s.words, words)}
        if "absent" in said:
            into.denied_found += 1
            into.polarity_right += 1
        else:
            into.denied_missed.append(f"{note['note']}: {words} {said or ''}")
            if said:
                into.polarity_wrong.append(f"{note['note']}: {words} read as present")
    codes = {s.code for s in reading.statements if s.status == "present" and s.person == "patient"}
    for code in note.get("diagnoses", ()):
        if code in codes:
            into.diagnoses_found += 1
        else:
            into.diagnoses_missed.append(f"{note['note']}: {code}")


def _about(said: str, words: str) -> bool:
    """Whether a statement's words are the labelled ones, in any order, singular or plural."""
    return _stems(words) <= _stems(said) or (bool(_stems(said)) and _stems(said) <= _stems(words))


def _stems(text: str) -> set[str]:
    small = {"in", "of", "to", "the", "a", "or", "and", "any", "for", "no"}
    return {
        re.sub(r"(?:'s|s|ing|ed)$", "", word) for word in re.findall(r"[a-z0-9'-]+", text.lower())
    } - small


def measure(notes: list[dict[str, Any]], show: bool) -> Score:
    """Read every note once warm, and print what came out."""
    library, icd = load_packs(), Icd10cm.open()
    total, times = Score(), []
    for note in notes:
        as_of = date.fromisoformat(str(note["as_of"]))
        arguments = {"document": note["note"], "library": library, "icd": icd, "as_of": as_of}
        reading = read_note(note["text"], **arguments)
        runs = []
        for _ in range(5):
            begun = time.perf_counter()
            read_note(note["text"], **arguments)
            runs.append(time.perf_counter() - begun)
        times.append((len(note["text"]), statistics.median(runs)))
        for fact in reading.facts:
            start, end = fact.provenance.span or (0, 0)
            assert note["text"][start:end] == fact.provenance.quote
        score(note, reading, library, total)
    if show:
        for name in ("invented", "missed", "polarity_wrong", "denied_missed", "diagnoses_missed"):
            for line in getattr(total, name):
                print(f"  {name}: {line}")
    characters = sum(size for size, _ in times)
    print(f"notes {len(notes)}, {characters:,} characters")
    print(f"facts: precision {total.precision:.3f}, recall {total.recall:.3f}, F1 {total.f1:.3f}")
    print(f"negation: {total.negation:.3f}; denied findings listed: {total.denied_recall:.3f}")
    print(
        f"diagnoses listed: {total.diagnoses_found} of {total.diagnoses_found + len(total.diagnoses_missed)}"
    )
    print(
        f"time: {1000 * sum(t for _, t in times) / characters * 5000:.0f} ms for 5,000 characters, slowest note {1000 * max(t for _, t in times):.0f} ms"
    )
    return total


def dev_set(path: Path, show: bool) -> None:
    """The labels of a file that can be compared: what is denied, and drugs and therapies that failed."""
    library, icd = load_packs(), Icd10cm.open()
    found, missed, wrong, slowest = 0, [], [], 0.0
    for line in path.read_text("utf-8").splitlines():
        note = json.loads(line)
        read_note(
            note["text"], document=note["id"], library=library, icd=icd, as_of=date(2026, 11, 23)
        )
        begun = time.perf_counter()
        reading = read_note(
            note["text"], document=note["id"], library=library, icd=icd, as_of=date(2026, 11, 23)
        )
        slowest = max(slowest, time.perf_counter() - begun)
        for words in note["labels"].get("negated", ()):
            plain = re.sub(r"^(?:not?|negative)\s+", "", words)
            said = {s.status for s in reading.statements if _about(s.words, plain)}
            if "absent" in said:
                found += 1
            else:
                (wrong if said else missed).append(f"{note['id']}: {words}")
    if show:
        print(
            *(f"  not listed: {line}" for line in missed),
            *(f"  read as present: {line}" for line in wrong),
            sep="\n",
        )
    everything = found + len(missed) + len(wrong)
    print(
        f"denied in the labels: {everything}; listed as denied {found}, read as present {len(wrong)}, not listed {len(missed)}"
    )
    print(f"slowest note {1000 * slowest:.0f} ms")


def targets(
    note: dict[str, Any], library: Any, icd: Icd10cm
) -> tuple[list[dict[str, Any]], list[bool]]:
    """Spans of the note whose truth is labelled, and what our own cues say of each."""
    text = note["text"]
    found: dict[tuple[int, int], bool] = {}
    for words in note.get("denied", ()):
        at = text.lower().find(words.lower())
        if at >= 0:
            found[at, at + len(words)] = True
    as_of = date.fromisoformat(str(note["as_of"]))
    reading = read_note(text, document="note", library=library, icd=icd, as_of=as_of)
    for said in reading.statements:
        if said.code in note.get("diagnoses", ()) and said.status == "present":
            found.setdefault(said.span, False)
    sections, marks = read_sections(text, library), tuple(read_templates(text))
    page = Document(text, breaks=sorted([*(s.start for s in sections), *(m.start for m in marks)]))
    scopes = Marked(
        page, library, icd, tuple(held_in(text, sections, marks, library, as_of))
    ).scopes
    ours = []
    for start, end in found:
        first, last = page.at(start), max(page.at(end), page.at(start) + 1)
        ours.append(any(scopes.has("denied", at, at + 1) for at in range(first, last)))
    return [{"start": s, "end": e, "denied": d} for (s, e), d in found.items()], ours


def against(python: str, notes: list[dict[str, Any]]) -> None:
    """The same denied and asserted words, judged by medspaCy's ConText in another environment."""
    library, icd = load_packs(), Icd10cm.open()
    asked, right, denied, denied_right, total = [], 0, 0, 0, 0
    for note in notes:
        spans, ours = targets(note, library, icd)
        asked.append({"text": note["text"], "targets": spans})
        for span, said in zip(spans, ours, strict=True):
            total += 1
            right += said == span["denied"]
            denied += span["denied"]
            denied_right += span["denied"] and said
    print(
        f"ours:     {right} of {total} right ({right / total:.3f}); of {denied} denied {denied_right}"
    )
    done = subprocess.run(
        [python, str(_MEDSPACY)],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    print(done.stdout.strip())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--dev-set", type=Path)
    parser.add_argument("--against", metavar="PYTHON")
    options = parser.parse_args()
    if options.dev_set:
        dev_set(options.dev_set, options.show)
        return
    notes = labelled()
    measure(notes, options.show)
    if options.against:
        against(options.against, notes)


if __name__ == "__main__":
    sys.exit(main())
