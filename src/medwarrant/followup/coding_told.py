"""Coding questions: which code for a nerve, a service or a diagnosis, whether one fits, what the packs say.

No advice on billing is given that the packs do not hold.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ..intake.words.lexicon import Mention
from ..intake.words.marked import Marked, longest
from ..policy.library import Library
from ..policy.prose import join
from ..report.article import Block, Bullets, Line
from ..report.text import clean, sentence, upper_first
from .coding_rules import rule_lines, rule_on_nerve
from .diagnosis_codes import diagnosis_line, diagnosis_lines
from .focus import Focus
from .talk import Talk, Told

_DIAGNOSTIC: Final = re.compile(r"\b(?:icd|diagnos\w+|dx)\b")


def tell_coding(
    talk: Talk, text: str, plain_text: str, focus: Focus, *, head: Line | None = None
) -> Told:
    """What the anatomy, the coding rules of the packs and ICD-10-CM say of a coding question."""
    if talk.plain:
        return _for_patients(talk, head)
    marked = talk.readings.marked(text)
    written = _written(marked)
    nerves = list(dict.fromkeys(e.id for m in longest(marked.of("nerve")) for e in m.entries))
    lines: list[Line] = [head] if head is not None else []
    diagnostic = _DIAGNOSTIC.search(plain_text) is not None
    if not diagnostic:
        lines += [_nerve(talk, nerve, written) for nerve in nerves]
        if not nerves:
            lines += _services(talk, marked, written)
    lines += [line for code in written if (line := _code(talk, code, plain_text))]
    if diagnostic or not [line for line in lines if line is not head]:
        lines += diagnosis_lines(talk, text, marked, written)
    told = {line.text for line in lines}
    lines += [
        line
        for line in rule_lines(talk, text, focus, written, diagnostic=diagnostic)
        if line.text not in told
    ]
    if not [line for line in lines if line is not head]:
        lines += _own(talk)
    if not [line for line in lines if line is not head]:
        return Told("not_in_library", ())
    lines.append(
        Line(
            text="This is what the packs and the code set hold; they give no advice on billing beyond it."
        )
    )
    blocks: tuple[Block, ...] = (Bullets(tuple(lines)),)
    return Told("coding", blocks)


def _for_patients(talk: Talk, head: Line | None) -> Told:
    named = [service.called(plain=True) for service in talk.view.services]
    lines = [] if head is None else [head]
    lines.append(
        Line(text="Codes are for your doctor's office. They can see them in the full report.")
    )
    if named:
        lines.append(Line(text=sentence(f"We looked at this care: {join(named, 'and')}")))
    return Told("coding", (Bullets(tuple(lines)),))


def _written(marked: Marked) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code.code for code in marked.codes))


def _nerve(talk: Talk, name: str, written: Sequence[str]) -> Line:
    """The code of a nerve by its anatomy, and whether a code named fits it."""
    library = talk.library
    nerve = library.nerves[name]
    codes = library.nerve_codes(name)
    cites = next((n.cites for a in library.nerve_line(name) if (n := library.nerves[a]).cites), ())
    trunk = next(
        (library.nerves[a] for a in library.nerve_line(name)[1:] if library.nerves[a].codes), None
    )
    note = talk.cited.statements((*nerve.cites, *cites))
    asked = [code for code in written if library.procedure(code) is not None]
    if not codes:
        rule = rule_on_nerve(library, name)
        text = (
            rule.message
            if rule is not None
            else f"no code for the {nerve.name} has a source in the library; ask the coder."
        )
        if rule is not None:
            note = talk.cited.statements((*rule.rests_on, *nerve.cites))
        return Line(lead=f"{upper_first(nerve.name)}:", text=sentence(clean(text)), note=note)
    told = join((_named(library, code) for code in codes), "or")
    branch = f", as a branch of the {trunk.name}" if trunk is not None and not nerve.codes else ""
    fits = [code for code in asked if code in codes]
    if asked and not fits:
        text = f"{told}{branch}; not {join(asked, 'or')}."
    else:
        text = f"{told}{branch}."
    return Line(lead=f"{upper_first(nerve.name)}:", text=clean(text), note=note)


def _named(library: Library, code: str) -> str:
    procedure = library.procedure(code)
    return f"{code} ({procedure.name})" if procedure is not None else code


def _services(talk: Talk, marked: Marked, written: Sequence[str]) -> list[Line]:
    """The codes of services that are named in words, with the question that tells several apart."""
    library = talk.library
    lines: list[Line] = []
    for mention in longest(marked.of("procedure", "family")):
        told = _mention_codes(mention, library)
        if not told:
            continue
        question, codes = told
        if set(codes) <= set(written):
            continue
        words = marked.document.quote(mention.first, mention.last)
        named = join((_named(library, code) for code in codes), "or")
        cites = [cite for code in codes if (p := library.procedure(code)) for cite in p.cites]
        lines.append(
            Line(
                lead=f"{upper_first(clean(words))}:",
                text=clean(f"{named}. {question}".strip()),
                note=talk.cited.statements(cites),
            )
        )
    if not lines:
        drugs = [entry for mention in marked.of("drug") for entry in mention.entries]
        for entry in dict.fromkeys(drugs):
            drug = library.drugs[entry.id]
            own = [p for p in library.procedures.values() if p.drug == drug.id]
            codes = list(dict.fromkeys([*drug.hcpcs, *(code for p in own for code in p.codes)]))
            if codes:
                cites = [cite for p in own for cite in p.cites]
                lines.append(
                    Line(
                        lead=f"{upper_first(clean(drug.name))}:",
                        text=f"{join(codes, 'or')}.",
                        note=talk.cited.statements(cites),
                    )
                )
    return lines


def _own(talk: Talk) -> list[Line]:
    """What the codes asked about stand for, and what tells each from its neighbours."""
    library = talk.library
    lines = []
    for code in dict.fromkeys(line.code for line in talk.answer.reading.request.services):
        if (line := _code(talk, code, "")) is not None:
            lines.append(line)
        for family in library.families.values():
            codes = library.codes_of(family.candidates)
            if code in codes and len(codes) > 1:
                named = join((_named(library, other) for other in codes), "or")
                told = Line(lead="Told apart:", text=clean(f"{named}. {family.question}"))
                lines.append(told)
    return list({(line.lead, line.text): line for line in lines}.values())


def _mention_codes(mention: Mention, library: Library) -> tuple[str, list[str]] | None:
    """The codes that a mention stands for, and the question between them."""
    codes: dict[str, None] = {}
    question = ""
    for entry in mention.entries:
        if entry.kind == "procedure":
            codes |= dict.fromkeys(library.procedures[entry.id].codes)
        else:
            family = library.families[entry.id]
            codes |= dict.fromkeys(library.codes_of(family.candidates))
            question = question or family.question
    return (question if len(codes) > 1 else "", list(codes)) if codes else None


def _code(talk: Talk, code: str, plain_text: str) -> Line | None:
    """What a code that is named stands for; of a diagnosis code whether it is specific enough."""
    library = talk.library
    procedure = library.procedure(code)
    if procedure is not None:
        nerves = [nerve.name for nerve in library.nerves.values() if nerve.codes == (code,)]
        more = f" Nerves: {join(nerves, 'and')}." if nerves else ""
        return Line(
            lead=f"{code}:",
            text=clean(f"{procedure.name}.{more}"),
            note=talk.cited.statements(procedure.cites),
        )
    known = talk.medwarrant.icd.lookup(code)
    if known is not None:
        return diagnosis_line(talk, known, plain_text)
    if not code[:1].isalpha() or len(code) == 5:
        return Line(lead=f"{clean(code)}:", text="the library does not know this procedure code.")
    near = join((n.code for n in talk.medwarrant.icd.nearest(code, 3)), "or")
    return Line(
        lead=f"{clean(code)}:",
        text=sentence(f"there is no such code in ICD-10-CM{f'; near it: {near}' if near else ''}"),
    )
