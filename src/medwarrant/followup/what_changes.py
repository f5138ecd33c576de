"""What changes, told pair by pair: outcomes, criteria, remarks, and what is still missing."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from ..model.determination import Finding, Item
from ..policy.policy import CitedText, Contraindication
from ..policy.prose import join
from ..report.article import Block, Bullets, Line, Prose
from ..report.comparison import Key
from ..report.text import clean, counted, lower_first, sentence, upper_first
from ..report.view import Pair
from ..report.words import outcome_said
from .changes import unchanged
from .reply import CriterionChange, ItemChange
from .talk import Talk, missing_line, names_of, outcome_of, reasons_of, still_missing

_MOST_CRITERIA = 6
#: So many pairs are told with what is still missing where nothing changed.
_MOST_LEFT = 3
_STATUS = {"met": "met", "not_met": "not met", "missing": "missing"}


def changed_blocks(
    talk: Talk, after: Talk, changes: tuple[ItemChange, ...], *, would: bool = False
) -> tuple[Block, ...]:
    """Each pair that stands otherwise, pairs that changed alike together, then the others."""
    now, then = after.view.by_key, talk.view.by_key
    groups: dict[str, list[ItemChange]] = {}
    for change in changes:
        same = msgspec.structs.replace(change, diagnosis="")
        groups.setdefault(repr(same), []).append(change)
    lines = [_change_line(talk, after, group, then, now, would) for group in groups.values()]
    blocks: list[Block] = []
    if lines:
        head = "What would change" if would else "What changes"
        blocks += [Prose((Line(lead=f"{head}:"),)), Bullets(tuple(lines))]
    else:
        said = "Nothing would change" if would else "Nothing changes"
        blocks.append(Prose((Line(lead=f"{said}:", text=_why_not(after)),)))
        open_ = [pair for pair in after.view.pairs if pair.item.outcome == "needs_information"]
        left = {conditions: pair for pair in open_ if (conditions := still_missing(after, pair))}
        if 0 < len(left) <= _MOST_LEFT and not talk.plain:
            blocks.append(
                Bullets(
                    tuple(
                        line
                        for pair in left.values()
                        for line in missing_line(
                            after, pair, f"Still missing for {names_of([pair], plain=False)}:"
                        )
                    )
                )
            )
    kept = unchanged(talk.answer, after.answer, changes)
    if lines and kept:
        blocks.append(Prose((_unchanged_line(after, kept),)))
    if (whole := _whole(talk, after, would)) is not None:
        blocks.append(Prose((whole,)))
    return tuple(blocks)


def _change_line(
    talk: Talk,
    after: Talk,
    group: list[ItemChange],
    then: Mapping[Key, Pair],
    now: Mapping[Key, Pair],
    would: bool,
) -> Line:
    first = group[0]
    of = now if first.after else then
    pairs = [of[change.service, change.diagnosis, change.line] for change in group]
    name = upper_first(names_of(pairs, plain=talk.plain))
    key = (first.service, first.diagnosis, first.line)
    new, old = now.get(key), then.get(key)
    if new is None or first.after is None:
        return Line(lead=f"{name}:", text="no longer asked about.")
    outcome = lower_first(outcome_of(new, plain=talk.plain))
    is_now = "would be" if would else "now"
    if old is None or first.before is None:
        text = f"new; {outcome}."
    elif first.before == first.after and outcome_of(old) == outcome_of(new):
        text = f"as before, {outcome}." if talk.plain else f"stays at: {outcome}."
    elif talk.plain:
        text = (
            f"it was: {lower_first(outcome_of(old, plain=True))}. {upper_first(is_now)}: {outcome}."
        )
    else:
        text = f"was: {lower_first(outcome_of(old))}; {is_now}: {outcome}."
    inner: list[Line] = []
    if not talk.plain:
        inner += [
            Line(
                sign=change.after or "",
                text=f"{clean(change.title)}: {_STATUS[change.before or 'missing']}, "
                f"{is_now} {_STATUS[change.after or 'missing']}.",
            )
            for change in _telling(first)[:_MOST_CRITERIA]
        ]
        if (left := len(_telling(first)) - _MOST_CRITERIA) > 0:
            inner.append(Line(text=f"{counted(left, 'more criterion', 'more criteria')}."))
    inner += _findings(after, new, first)
    inner += missing_line(after, new, "We still need to know:" if talk.plain else "Still missing:")
    inner += _reasons(after, new)
    return Line(sign=first.after, lead=f"{name}:", text=text, inner=tuple(inner))


def _findings(after: Talk, pair: Pair, change: ItemChange) -> list[Line]:
    """What the facts bring up on coding and safety, and what no longer has to be confirmed."""
    lines = []
    if not after.plain:
        lines += [
            Line(
                lead="Coding:", text=sentence(clean(finding.message)), note=_source(after, finding)
            )
            for finding in pair.item.coding
            if finding.id in change.findings
        ]
    for finding in pair.item.safety:
        if finding.id in change.findings:
            words = _plain_words(after, pair, finding) if after.plain else clean(finding.message)
            lead = "Must not be done:" if finding.severity == "refer" else "Caution:"
            if words:
                note = _source(after, finding)
                lines.append(Line(lead=lead, text=sentence(words), note=note))
    if change.settled:
        number = counted(len(change.settled), "point")
        said = (
            "that we had to check is clear"
            if after.plain
            else "to confirm before the procedure is settled"
        )
        if len(change.settled) > 1:
            said = said.replace(" is ", " are ")
        lines.append(Line(text=f"{upper_first(number)} {said}."))
    return lines


def _source(talk: Talk, finding: Finding) -> str:
    return talk.cited.sources((finding.source,))


def _plain_words(talk: Talk, pair: Pair, finding: Finding) -> str:
    """A safety remark in the patient's words, as the policies of the pair have them."""
    for policy in talk.view.policies(pair):
        told: tuple[Contraindication | CitedText, ...]
        told = (*policy.contraindications, *policy.cautions)
        for entry in told:
            if entry.id == finding.id:
                return clean(entry.plain)
    return ""


def _telling(change: ItemChange) -> tuple[CriterionChange, ...]:
    """The criteria to tell: what is met now, and what is not where that is why the outcome is worse.

    A criterion of an indication that the facts have ruled out changes nothing for the reader.
    """
    if change.after == "needs_clinical_review":
        return change.criteria
    return tuple(one for one in change.criteria if one.after != "not_met")


def _reasons(after: Talk, pair: Pair) -> tuple[Line, ...]:
    """Why a clinician must look."""
    if pair.item.outcome != "needs_clinical_review" or not pair.item.reasons:
        return ()
    why = reasons_of(pair, plain=after.plain)
    return (Line(lead="Why:", text=sentence(why)),)


def _why_not(after: Talk) -> str:
    """Why nothing changed: what is still missing, or that no open criterion asks for it."""
    pairs = [pair for pair in after.view.pairs if pair.item.outcome == "needs_information"]
    if after.plain:
        if pairs:
            return "we still need to know more about your care."
        return "the rules do not ask for this."
    if not pairs:
        return "no criterion of these pairs asks for it."
    return f"what is missing stays missing for {names_of(pairs, plain=False)}."


def _unchanged_line(after: Talk, kept: tuple[Item, ...]) -> Line:
    """The pairs that stand as they did, by outcome."""
    keys = {(item.line, item.diagnosis) for item in kept}
    by_outcome: dict[str, list[Pair]] = {}
    for pair in after.view.pairs:
        if (pair.item.line, pair.item.diagnosis) in keys:
            by_outcome.setdefault(outcome_of(pair), []).append(pair)
    if after.plain:
        number = counted(len(keys), "other pair stays", "other pairs stay")
        return Line(text=f"{upper_first(number)} as before.")
    parts = [f"{lower_first(words)}: {_codes(pairs)}" for words, pairs in by_outcome.items()]
    return Line(lead="Unchanged:", text=sentence(". ".join(map(upper_first, parts))))


def _codes(pairs: list[Pair]) -> str:
    """Pairs by their codes, for lists of what stays."""
    by_service: dict[str, list[str]] = {}
    for pair in pairs:
        by_service.setdefault(pair.item.service, []).append(pair.item.diagnosis)
    return "; ".join(f"{code} for {join(of, 'and')}" for code, of in by_service.items())


def _whole(talk: Talk, after: Talk, would: bool) -> Line | None:
    """The request as a whole, where it stands otherwise and has several services."""
    old, new = talk.answer.determination, after.answer.determination
    if old.outcome == new.outcome or new.outcome is None or len(new.services) < 2:
        return None
    if talk.plain:
        return None
    met = any(pair.payer_applied for pair in after.view.pairs)
    words = lower_first(outcome_said(new.outcome, payer_applied=met))
    verb = "would stand" if would else "now stands"
    return Line(text=f"The request as a whole {verb} at: {words}.")
