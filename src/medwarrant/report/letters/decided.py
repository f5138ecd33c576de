"""A decision held against the record: what every letter of a decision needs, or is refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ...model.errors import InputError
from ..view import ArticleView, Pair
from .grounds import Ground, grounds
from .told import Correspondence, DecisionTold, LineDecision

#: What the lines of a decision of each kind may be, and which of them must occur.
_LINES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "approved": (frozenset({"approved"}), frozenset({"approved"})),
    "adverse": (frozenset({"not_approved"}), frozenset({"not_approved"})),
    "partially_approved": (
        frozenset({"approved", "not_approved", "modified"}),
        frozenset({"approved"}),
    ),
    "modified": (frozenset({"approved", "not_approved", "modified"}), frozenset({"modified"})),
}


@dataclass(frozen=True)
class LineDecided:
    """A line of the decision with the pairs it decides and the grounds it rests on."""

    told: LineDecision
    pairs: tuple[Pair, ...]
    grounds: tuple[Ground, ...]

    @property
    def approved(self) -> bool:
        """Whether it was approved as it was asked for."""
        return self.told.decided == "approved"


def settled(view: ArticleView, decision: DecisionTold) -> tuple[LineDecided, ...]:
    """The lines of a decision, each with its pairs and grounds.

    Nothing is sent while an outcome is provisional; a decision covers every pair of the determination
    once and nothing else; what is not approved as asked has a specific reason tied to a criterion of the
    record that counts. Raises `InputError` where one of these does not hold.
    """
    _not_provisional(view)
    _signed(decision)
    _of_its_kind(decision)
    taken: dict[str, str] = {}
    found = []
    for number, told in enumerate(decision.lines, start=1):
        where = f"decision, line {number} ({told.service})"
        pairs = _pairs_of(view, told, where)
        for pair in pairs:
            if pair.target in taken:
                raise InputError(
                    f"{pair.diagnosis.code} is decided twice for this service",
                    where=where,
                    mend=f"it stands in {taken[pair.target]} too; keep one",
                )
            taken[pair.target] = where
        found.append(_line_decided(view, told, pairs, where))
    left = [pair for pair in view.pairs if pair.target not in taken]
    if left:
        item = left[0].item
        raise InputError(
            f"nothing is decided on {item.service} for {item.diagnosis}",
            where="decision",
            mend="decide every service line for every diagnosis it is linked to",
        )
    if not found:
        raise InputError("the determination holds nothing to decide", where="decision")
    return tuple(found)


def _not_provisional(view: ArticleView) -> None:
    if any(pair.item.provisional for pair in view.pairs):
        raise InputError(
            "the determination is provisional: it rests on facts that no person has confirmed",
            where="determination",
            mend="confirm or reject the facts that were read, and decide on the new determination",
        )


def _signed(decision: DecisionTold) -> None:
    if not decision.signed_by.strip():
        raise InputError("the decision names nobody who made it", where="decision.signed_by")
    if decision.kind != "approved" and not decision.credentials.strip():
        raise InputError(
            "a decision that is not an approval names the physician's credentials",
            where="decision.credentials",
            mend="give them as they are to stand in the letter, such as MD",
        )


def _of_its_kind(decision: DecisionTold) -> None:
    allowed, needed = _LINES[decision.kind]
    have = {line.decided for line in decision.lines}
    if (
        not have <= allowed
        or not needed <= have
        or (decision.kind, have)
        == (
            "partially_approved",
            {"approved"},
        )
    ):
        raise InputError(
            f"the decision is called {decision.kind}, and its lines say otherwise",
            where="decision.kind",
            mend=f"its lines are: {', '.join(sorted(have)) or 'none'}",
        )


def _pairs_of(view: ArticleView, told: LineDecision, where: str) -> tuple[Pair, ...]:
    pairs = [pair for pair in view.pairs if pair.item.service == told.service]
    lines = {pair.item.line for pair in pairs}
    if told.line is not None:
        pairs = [pair for pair in pairs if pair.item.line == told.line]
    elif len(lines) > 1:
        raise InputError(
            "several service lines have this code",
            where=where,
            mend=f"say which by line: {', '.join(map(str, sorted(lines)))}",
        )
    known = {pair.item.diagnosis for pair in pairs}
    unknown = [code for code in told.diagnoses if code not in known]
    if not pairs or unknown:
        asked = f" for {unknown[0]}" if pairs else ""
        raise InputError(f"the determination does not hold this service{asked}", where=where)
    if told.diagnoses:
        pairs = [pair for pair in pairs if pair.item.diagnosis in told.diagnoses]
    return tuple(pairs)


def _line_decided(
    view: ArticleView, told: LineDecision, pairs: tuple[Pair, ...], where: str
) -> LineDecided:
    by_pair = [(pair, grounds(view, pair)) for pair in pairs]
    found: dict[tuple[str, str, str], Ground] = {}
    for name in told.criteria:
        held = [known[name] for _, known in by_pair if name in known]
        if not held:
            raise InputError(
                f"the record of this service holds no criterion '{name[:80]}'",
                where=where,
                mend="name criteria by their id in the trace",
            )
        for ground in held:
            found.setdefault((ground.id, ground.title, ground.status), ground)
    unknown = [name for name in told.sources if name not in view.references]
    if unknown:
        raise InputError(
            f"the record does not cite the source '{unknown[0][:80]}'",
            where=where,
            mend="name sources by their id in the references of the determination",
        )
    if told.decided != "approved":
        _tied(told, by_pair, where)
    if told.decided == "modified" and not told.words.strip():
        raise InputError(
            "it is modified, and nothing says what is approved instead",
            where=where,
            mend="say it in words",
        )
    return LineDecided(told, pairs, tuple(found.values()))


def _tied(
    told: LineDecision, by_pair: Iterable[tuple[Pair, dict[str, Ground]]], where: str
) -> None:
    """Refuse what is not approved without a specific reason tied to a criterion, pair by pair."""
    if not told.reason.strip():
        raise InputError(
            "it is not approved as asked, and no specific reason is given",
            where=where,
            mend="the physician who decides gives the reason in their own words",
        )
    pairs = list(by_pair)
    # A pair that no policy names has nothing to tie a reason to; the line's other pairs carry it.
    ruled = [(pair, known) for pair, known in pairs if known or pair.item.outcome != "no_policy"]
    for pair, known in ruled or pairs:
        cited = [known[name] for name in told.criteria if name in known]
        if not cited:
            raise InputError(
                f"the reason is tied to no criterion for {pair.item.diagnosis}",
                where=where,
                mend="name at least one criterion of the trace that the decision rests on",
            )
        if not any(ground.counts for ground in cited):
            raise InputError(
                f"for {pair.item.diagnosis} it rests only on rules whose sources are unverified",
                where=where,
                mend="such a rule decides nothing; name a criterion that counts",
            )


def addressed(to: Correspondence, *names: str) -> None:
    """Refuse a letter without the names it cannot go out without; raises `InputError`."""
    for name in ("plan", "case_number", *names):
        if not str(getattr(to, name)).strip():
            raise InputError(
                f"the letter needs the {name.replace('_', ' ')}", where=f"correspondence.{name}"
            )


def dated_after(to: Correspondence, decision: DecisionTold) -> None:
    """Refuse a letter dated before the decision it tells was signed; raises `InputError`."""
    if to.dated < decision.signed_on:
        raise InputError(
            "the letter is dated before the decision was signed",
            where="correspondence.dated",
            mend=f"the decision was signed on {decision.signed_on.isoformat()}",
        )
