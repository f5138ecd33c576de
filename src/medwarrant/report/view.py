"""One audience-neutral view of an answer: the pairs with their names, policies and link targets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from ..model.determination import Item, ProposedDetermination, Reference
from ..policy.criteria import Criterion, walk
from ..policy.library import Library
from ..policy.policy import Policy
from ..policy.prose import join
from ..policy.valueset import undotted
from .text import anchor, clean, lower_first, shortened

if TYPE_CHECKING:
    from ..answer import Answer
    from ..intake.reading import Reading
    from .criteria import Way

#: A question longer than this is cut in the title and told in full with its reading.
LONGEST_TITLE = 400
_LONG_NAME = 40


class Named(msgspec.Struct, frozen=True):
    """A service or diagnosis: its code, its name, and the name patients read."""

    code: str
    name: str
    plain: str
    target: str = ""
    short: str = ""
    short_plain: bool = False

    @property
    def full(self) -> str:
        """Name and code, as clinical readers see it."""
        return f"{self.name} ({self.code})" if self.name != self.code else self.code

    def called(self, *, plain: bool) -> str:
        """The name inside a sentence, where a long official title would bury it."""
        if plain:
            return self.plain.partition(",")[0] if self.short_plain else self.plain
        if self.short:
            return f"{lower_first(self.short)} ({self.code})"
        return lower_first(self.full)


@dataclass(frozen=True)
class Pair:
    """One item with the names of its service and diagnosis."""

    item: Item
    service: Named
    diagnosis: Named
    target: str

    @property
    def payer_applied(self) -> bool:
        """Whether a coverage policy decides the item."""
        governing = self.item.governing
        return governing is not None and governing.authority != "guideline"


@dataclass(frozen=True)
class ArticleView:
    """Everything the article is composed from, before any audience is chosen."""

    answer: Answer
    title: str
    plain_title: str
    services: tuple[Named, ...]
    diagnoses: tuple[Named, ...]
    pairs: tuple[Pair, ...]
    review: Mapping[str, Any]

    @property
    def library(self) -> Library:
        """The packs the answer was made with."""
        return self.answer.library

    @cached_property
    def by_key(self) -> dict[tuple[str, str, int], Pair]:
        """The pairs by service, diagnosis and the order of the service's lines, from 1."""
        named = {id(pair.item): pair for pair in self.pairs}
        return {key: named[id(item)] for key, item in self.answer.items_by_key.items()}

    @property
    def determination(self) -> ProposedDetermination:
        """The case as judged."""
        return self.answer.determination

    @property
    def reading(self) -> Reading:
        """What was understood of the question."""
        return self.answer.reading

    @cached_property
    def references(self) -> Mapping[str, Reference]:
        """References by source id."""
        return {reference.id: reference for reference in self.determination.references}

    @cached_property
    def ways_found(self) -> dict[tuple[str, bool], tuple[Way, ...]]:
        """What would turn each pair, kept once found: several sections tell it (see `criteria.ways`)."""
        return {}

    def of_service(self, service: Named) -> tuple[Pair, ...]:
        """The pairs of one service line."""
        return tuple(pair for pair in self.pairs if pair.service is service)

    def of_diagnosis(self, diagnosis: Named) -> tuple[Pair, ...]:
        """The pairs of one diagnosis."""
        return tuple(pair for pair in self.pairs if pair.diagnosis is diagnosis)

    def lead(self, pair: Pair) -> Policy | None:
        """The policy whose criteria the item shows: the governing one, else the first named."""
        return leading_policy(pair.item, self.library)

    def policies(self, pair: Pair) -> tuple[Policy, ...]:
        """The leading policy and every guideline policy that names the pair."""
        found: dict[str, Policy] = {}
        lead = self.lead(pair)
        if lead is not None:
            found[lead.id] = lead
        for indication in pair.item.indications:
            policy = self.library.policies.get(indication.policy)
            if policy is not None and policy.is_guideline:
                found[policy.id] = policy
        return tuple(found.values())

    def is_guideline(self, policy: str) -> bool:
        """Whether a policy named in the answer belongs to the guideline layer."""
        known = self.library.policies.get(policy)
        return known is not None and known.is_guideline

    def node(self, policy: Policy | None, indication: str, criterion: str) -> Criterion | None:
        """A criterion as its author wrote it: in the indication, else anywhere in the policy."""
        if policy is None:
            return None
        trees: list[Criterion | None] = []
        for entry in sorted(policy.indications, key=lambda entry: entry.id != indication):
            trees += [entry.scope, entry.requires]
        trees += [rule.rule for rule in policy.request_rules]
        trees.append(policy.applies_to)
        for tree in trees:
            for found in walk(tree) if tree is not None else ():
                if found.id == criterion:
                    return found
        return None


def leading_policy(item: Item, library: Library) -> Policy | None:
    """The policy whose criteria an item shows: the governing one, else the first named."""
    names = [item.governing.policy] if item.governing else []
    if item.criteria is not None:
        names.append(item.criteria.id.removesuffix("/applies"))
    names += [indication.policy for indication in item.indications[:1]]
    return next((found for name in names if (found := library.policies.get(name))), None)


def article_view(answer: Answer, review: Mapping[str, Any] | None = None) -> ArticleView:
    """The view of an answer.

    `review` replaces the answer's own review where a person's work on the case has gone further.
    """
    request = answer.reading.request
    services = tuple(
        _service_named(answer, number, line.code) for number, line in enumerate(request.services)
    )
    diagnoses = _told_apart(
        [
            _diagnosis_named(answer, diagnosis.code, diagnosis.text)
            for diagnosis in request.diagnoses
        ],
    )
    by_code = {named.code: named for named in diagnoses}
    pairs = []
    for item in answer.determination.items:
        service, diagnosis = services[item.line], by_code[item.diagnosis]
        pairs.append(Pair(item, service, diagnosis, anchor("pair", service.target, item.diagnosis)))
    return ArticleView(
        answer=answer,
        title=_title(answer, services, diagnoses, plain=False),
        plain_title=_title(answer, services, diagnoses, plain=True),
        services=services,
        diagnoses=diagnoses,
        pairs=tuple(pairs),
        review=review if review is not None else answer.to_dict()["review"],
    )


def _service_named(answer: Answer, number: int, code: str) -> Named:
    lines = [line.code for line in answer.reading.request.services]
    known = answer.library.procedure(code)
    name = known.name if known else code
    plain = known.plain or known.name if known else f"the treatment with code {code}"
    target = anchor("service", code)
    if lines.count(code) > 1:
        order = lines[: number + 1].count(code)
        name, plain = f"{name}, line {order}", f"{plain} (line {order})"
        target = f"{target}-line-{order}"
    return Named(code, clean(name), clean(plain), target)


def _diagnosis_named(answer: Answer, code: str, text: str) -> Named:
    read = next((entry for entry in answer.reading.diagnoses if entry.code == code), None)
    title = read.title if read and read.title else ""
    words = (read.text if read else text) or text
    plain = plain_diagnosis(code, answer.library)
    if not plain:
        plain = lower_first(title) or (
            words if words and words != code else f"the condition coded {code}"
        )
    short = title.partition(",")[0] if len(title) > _LONG_NAME else ""
    return Named(
        code,
        clean(title or code),
        clean(plain),
        anchor("diagnosis", code),
        clean(short),
        short_plain=True,
    )


def _told_apart(named: list[Named]) -> tuple[Named, ...]:
    """Diagnoses whose plain or short names agree are told apart by their titles."""
    plains = [entry.plain for entry in named]
    shorts = [entry.short for entry in named]
    firsts = [entry.plain.partition(",")[0] for entry in named]
    found = []
    for entry in named:
        plain, short = entry.plain, entry.short
        brief = firsts.count(plain.partition(",")[0]) == 1
        if plains.count(plain) > 1 and entry.name != entry.code:
            plain = f"{plain} ({lower_first(entry.name)})"
        if shorts.count(short) > 1:
            short = ""
        found.append(msgspec.structs.replace(entry, plain=plain, short=short, short_plain=brief))
    return tuple(found)


def plain_diagnosis(code: str, library: Library) -> str:
    """The patient's words for a diagnosis: those of the narrowest set that holds it, else nothing.

    Sets that users name in words go first; a payer's closed list names no condition.
    """
    bare = undotted(code)
    best = ""
    best_rank: tuple[bool, int, int, str] | None = None
    for known in library.valuesets.values():
        if known.closed or not known.plain or not known.contains(code):
            continue
        closest = max(
            len(pattern.first) if bare.startswith(pattern.first) else 0
            for pattern in known.codes
            if pattern.covers(code)
        )
        rank = (bool(known.words), closest, -len(known.codes), known.id)
        if best_rank is None or rank > best_rank:
            best, best_rank = known.plain, rank
    return best


def _title(
    answer: Answer, services: Iterable[Named], diagnoses: Iterable[Named], *, plain: bool
) -> str:
    """The question as it was asked; for a structured request, the question it stands for."""
    question = clean(answer.question or "").strip()
    if question:
        return shortened(" ".join(question.split()), LONGEST_TITLE)
    named = list(dict.fromkeys(service.called(plain=plain) for service in services))
    for_ = [diagnosis.called(plain=plain) for diagnosis in diagnoses]
    if not named:
        return "Which service is asked about?"
    verb = "Is" if len(named) == 1 else "Are"
    purpose = f" for {join(for_, 'and')}" if for_ else ""
    return f"{verb} {join(named, 'and')} medically necessary{purpose}?"
