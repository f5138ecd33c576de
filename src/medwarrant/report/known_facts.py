"""The facts that a trace names by id, in words: what a criterion knows, and what it was read from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..model.determination import CriterionResult
from ..policy.fact_words import event_words, title_of
from ..policy.library import Library
from .text import clean, lower_first

if TYPE_CHECKING:
    from ..answer import Answer

#: An event in a trace: the id of the fact that states it.
_EVENT = re.compile(r"\b[a-z0-9]+(?:-[a-z0-9]+)*#\d+")
_UNVERIFIED = " The rule behind this is unverified and decides nothing."


def why_words(answer: Answer, result: CriterionResult) -> str:
    """Why a criterion stands as it does, the events that it knows told in the words of their packs."""
    why = result.why
    named = dict.fromkeys(_EVENT.findall(why)) if "#" in why else {}
    stated = {fact.id: fact for fact in answer.reading.facts if fact.id in named}
    if not stated:
        return clean(why)
    told = []
    for name in named:
        fact = stated.get(name)
        value = fact.value if fact is not None and isinstance(fact.value, dict) else {}
        words = event_words(fact.fact, value, answer.library) if fact is not None else ""
        told.append(words or fact_name(name, answer.library))
    after = _UNVERIFIED if why.endswith(_UNVERIFIED) else ""
    return clean(f"{why.partition(':')[0]}: {'; '.join(dict.fromkeys(told))}.{after}")


def fact_name(fact_id: str, library: Library) -> str:
    """What a fact is called by its id: numbered where there are several, with the service it is about.

    >>> from medwarrant.policy.load import load_packs
    >>> fact_name("drug-trial#2", load_packs()), fact_name("setting@64405", load_packs())
    ('drug trial 2', 'setting of care for 64405')
    """
    bare, _, number = fact_id.partition("#")
    name, _, service = bare.partition("@")
    words = lower_first(clean(title_of(name, library)))
    if name == "request":
        words = "the request itself"
    return f"{words}{f' for {clean(service)}' if service else ''}{f' {number}' if number else ''}"


def fact_names(fact_ids: Iterable[str], library: Library) -> str:
    """What several facts are called."""
    return ", ".join(dict.fromkeys(fact_name(one, library) for one in fact_ids))
