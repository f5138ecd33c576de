"""Facts about the patient in a text: findings and their denial, scores, days, age."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...model.facts import Fact, FactStatus, Value
from .found_by_imaging import in_imaging_report
from .lexicon import Mention
from .marked import Marked, longest
from .quantities_of_patient import age, quantities, scores, weight
from .service_details import CHOICES

_LONGEST_DENIAL: Final = 8
#: With one of these between, a denial is not a list of findings.
_NO_LIST: Final = frozenset(
    "from with to for of on after in by using relief response help improvement".split()
)


_DENIES: Final = frozenset(
    {"deny", "no", "not", "without", "denies", "denied", "never", "negative"}
)


def read_facts(marked: Marked) -> list[Fact]:
    """All facts about the patient but events, each with its quote; what is doubtful is left out."""
    found = [
        *_flags(marked),
        *_choices(marked),
        *age(marked),
        *weight(marked),
        *scores(marked),
        *quantities(marked),
    ]
    unique: dict[tuple[str, str, Value | None], Fact] = {}
    for fact in sorted(found, key=lambda f: f.provenance.span or (0, 0)):
        assert not isinstance(fact.value, tuple) or fact.fact
        unique.setdefault((fact.fact, fact.status, fact.value), fact)  # type: ignore[arg-type]  # no events here
    return list(unique.values())


def _flags(marked: Marked) -> Iterator[Fact]:
    by_fact: dict[str, list[Mention]] = {}
    flags = marked.of("flag")
    for mention in marked.of("flag"):
        for entry in mention.entries:
            by_fact.setdefault(entry.id, []).append(
                Mention(mention.first, mention.last, (entry,), mention.written)
            )
    for mention in marked.of("deniable"):
        for entry in mention.entries:
            if marked.library.facts[entry.id].by_examination and in_imaging_report(
                marked, mention.first, mention.last
            ):
                continue
            if _in_list_of_denials(marked, mention) and not any(
                m.first < mention.last and mention.first < m.last for m in by_fact.get(entry.id, ())
            ):
                yield Fact(
                    fact=entry.id,
                    status="absent",
                    provenance=marked.document.provenance(mention.first, mention.last),
                )
    for name, mentions in by_fact.items():
        for mention in longest(_without_denied(mentions)):
            if any(mention.first == m.first and mention.last < m.last for m in flags):
                continue  # part of a longer phrase that says something else
            status = _status(marked, mention)
            if status is not None:
                yield Fact(
                    fact=name,
                    status=status,
                    provenance=marked.document.provenance(mention.first, mention.last),
                )


def _without_denied(mentions: list[Mention]) -> list[Mention]:
    """*No trigger points in the neck*: the phrase that denies covers the one that asserts."""
    denied = [m for m in mentions if m.entries[0].value == "absent"]
    return [
        m
        for m in mentions
        if m.entries[0].value == "absent" or not any(d.first < m.first < d.last for d in denied)
    ]


def _in_list_of_denials(marked: Marked, mention: Mention) -> bool:
    """*No fever, chills or infection*: what is only ever denied, where a list of denials names it."""
    cue = marked.scopes.cue("denied", mention.first, mention.last)
    if cue is None or not 0 <= mention.first - cue[1] <= _LONGEST_DENIAL:
        return False
    if marked.scopes.has("family", mention.first, mention.last):
        return False
    between = marked.norms[cue[1] : mention.first]
    return bool(
        {"or", "and", "nor"} & set(between) or "," in marked.document.gap(mention.first)
    ) and not (_NO_LIST & set(between))


def _status(marked: Marked, mention: Mention) -> FactStatus | None:
    said: FactStatus = "absent" if mention.entries[0].value == "absent" else "present"
    first, last = mention.first, mention.last
    definition = marked.library.facts[mention.entries[0].id]
    if definition.by_examination and said == "absent" and in_imaging_report(marked, first, last):
        return None
    scopes = marked.scopes
    if any(
        scopes.has(effect, first, last)
        for effect in ("family", "conditional", "ruled_out", "uncertain")
    ):
        return None
    if _is_of_imaging(marked, first, last):
        return None
    if _was_stopped(marked, first) or _is_name_of_service(marked, first, last):
        return None
    if scopes.has("denied", first, last):
        denies = marked.norms[first] in _DENIES
        return "absent" if said == "present" or denies else None
    if scopes.has("earlier", first, last) and _is_of_treatment(marked, first, last):
        return None
    return said


def _is_of_imaging(marked: Marked, first: int, last: int) -> bool:
    """*MRI without contrast* says how the picture is taken, and nothing of an injection."""
    for mention in marked.of("procedure"):
        if (
            mention.first <= first
            and last <= mention.last
            and mention.last - mention.first > last - first
        ):
            return marked.library.procedures[mention.entries[0].id].kind == "imaging"
    return False


def _is_name_of_service(marked: Marked, first: int, last: int) -> bool:
    """*For trigger point injections* names a service and finds nothing."""
    return any(m.first < last < m.last for m in marked.of("procedure", "family"))


def _is_of_treatment(marked: Marked, first: int, last: int) -> bool:
    """Words inside the name of an earlier treatment say nothing of the one asked for."""
    return any(
        m.first <= last and first <= m.last
        for m in marked.of("procedure", "family")
        if m.last - m.first > 1
    )


def _was_stopped(marked: Marked, first: int) -> bool:
    return bool(
        {"stopped", "held", "discontinued", "off", "stopping", "holding", "hold", "formerly"}
        & set(marked.norms[max(0, first - 2) : first])
    )


def _choices(marked: Marked) -> Iterator[Fact]:
    by_fact: dict[str, list[Mention]] = {}
    for mention in marked.of("choice"):
        for entry in mention.entries:
            if entry.id not in CHOICES:
                by_fact.setdefault(entry.id, []).append(
                    Mention(mention.first, mention.last, (entry,), mention.written)
                )
    for name, mentions in by_fact.items():
        for mention in longest(mentions):
            told_before = marked.scopes.cue("earlier", mention.first, mention.last)
            doubted = marked.scopes.has("uncertain", mention.first, mention.last)
            if (
                doubted
                or marked.dropped(mention.first, mention.last)
                or (told_before and told_before[0] >= 0)
            ):
                continue
            definition = marked.library.facts[name]
            value = mention.entries[0].value
            yield Fact(
                fact=name,
                value=(value,) if definition.many else value,
                provenance=marked.document.provenance(mention.first, mention.last),
            )
