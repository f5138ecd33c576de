"""The coding rules of the packs that a question touches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from ..evidence.concepts import ASKING, stem
from ..policy.criteria import Choice, walk
from ..policy.library import Library
from ..policy.pack import CodingRule
from ..policy.prose import words_for
from ..report.article import Line
from ..report.text import clean, sentence
from ..terminology.text import normalise
from .focus import Focus
from .talk import Talk

#: Words that so great a part of the coding rules hold tell nothing.
_GENERAL: Final = 0.3
_CODES: Final = frozenset({"code", "cpt", "hcpcs", "icd"})
_MOST_RULES: Final = 5


def rule_lines(
    talk: Talk, text: str, focus: Focus, written: Sequence[str], *, diagnostic: bool
) -> list[Line]:
    """The coding rules of the packs on the codes named that share telling words with the question.

    Words that name the services themselves tell nothing; two of the codes in one rule do. On a
    diagnosis code (`diagnostic`) only rules on diagnoses are told.
    """
    library = talk.library
    codes = [*written, *focus.services, *focus.other_services]
    codes = list(dict.fromkeys(code for code in codes if library.procedure(code) is not None))
    if not codes:
        codes = list(dict.fromkeys(line.code for line in talk.answer.reading.request.services))
    named = {
        word
        for code in codes
        if (known := library.procedure(code))
        for words in (known.name, *known.words, *(library.nerves[n].name for n in known.nerves))
        for word in normalise(words).split()
    }
    asked = {
        stem(word)
        for word in normalise(text).split()
        if len(word) > 1 and word not in ASKING | _CODES | named
    }
    general = _general_words(library)
    fitting: list[tuple[int, CodingRule]] = []
    for rule in library.coding:
        if not any(library.service_matches(code, rule.services) for code in codes):
            continue
        if _only_of_others(rule, focus, library) or (diagnostic and not rule.diagnoses):
            continue
        when = words_for(rule.when, library) if rule.when is not None else ""
        words = set(normalise(f"{rule.message} {when} {rule.id.replace('-', ' ')}").split())
        shared = len((asked - general) & {stem(word) for word in words})
        both = sum(code.lower() in words for code in codes) > 1
        if shared or both:
            fitting.append((-shared - 2 * both, rule))
    fitting.sort(key=lambda entry: entry[0])
    lines = [_rule_line(talk, rule) for _, rule in fitting[:_MOST_RULES]]
    return list({line.text: line for line in lines}.values())


def _general_words(library: Library) -> set[str]:
    """The words that many coding rules hold, whatever they are about."""
    counts = Counter(
        word
        for rule in library.coding
        for word in {stem(word) for word in normalise(rule.message).split()}
    )
    return {word for word, count in counts.items() if count > _GENERAL * len(library.coding)}


def _only_of_others(rule: CodingRule, focus: Focus, library: Library) -> bool:
    """Whether a rule is about diagnoses, none of which is named."""
    named = (*focus.diagnoses, *focus.other_diagnoses)
    return bool(rule.diagnoses) and not any(
        library.diagnosis_matches(code, rule.diagnoses) for code in named
    )


def _rule_line(talk: Talk, rule: CodingRule) -> Line:
    asked: Iterable[str] = (
        f"{clean(question.question)}{f' ({question.code})' if question.code else ''}"
        for question in rule.ask
    )
    lead = "Does not fit:" if rule.kind == "mismatch" else "Rule of the packs:"
    return Line(
        lead=lead,
        text=sentence(clean(rule.message)),
        note=talk.cited.statements(rule.rests_on),
        inner=tuple(Line(text=question) for question in asked),
    )


def rule_on_nerve(library: Library, nerve: str) -> CodingRule | None:
    """A coding rule that speaks of a nerve, where its code is not settled."""
    for rule in library.coding:
        for node in walk(rule.when) if rule.when is not None else ():
            if isinstance(node, Choice) and node.fact == "nerve" and nerve in node.values:
                return rule
    return None
