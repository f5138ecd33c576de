"""What the words around a mention do to it: deny it, put it in the past, doubt it, give it to a relative.

After ConText (Harkema and others, J Biomed Inform 2009): a cue governs the words that follow it, or
those before it, up to a word or mark that ends its reach.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from .document import Document, phrase


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase that changes what follows it (or, `backward`, what precedes it)."""

    words: tuple[str, ...]
    effect: str
    backward: bool = False
    through_and: bool = False
    reach: int = 14


def _cues(
    effect: str, text: str, *, backward: bool = False, through_and: bool = False, reach: int = 14
) -> list[Cue]:
    return [Cue(phrase(part), effect, backward, through_and, reach) for part in text.split("|")]


_CUES: Final[tuple[Cue, ...]] = (
    *_cues("denied", "no|not|without|never|nor|neither|has not had|have not had|never had|lack of"),
    *_cues("denied", "negative for|absence of|free of|free from", through_and=True, reach=60),
    *_cues("denied", "denies|denied|deny|denying", through_and=True, reach=60),
    *_cues("denied", "was ruled out|were ruled out|is ruled out|been ruled out|ruled out|was excluded|were excluded|been excluded|is absent|are absent|was absent|not present|not found|not needed|not required|not used|not seen|is unlikely|are unlikely|was negative|were negative|is denied", backward=True, reach=8),
    *_cues("denied", "absent|negative", backward=True, reach=3),
    *_cues("refused", "not an option|is not an option|not feasible|is contraindicated|was declined|intolerant|intolerance|noncompliant|noncompliance|nonadherent|nonadherence|failure", backward=True, reach=4),
    *_cues("refused", "refuses|refused|declines|declined|not interested in|wants to avoid|wishes to avoid|instead of|rather than", reach=5),
    *_cues("ruled_out", "rule out|rule-out|rules out|ruling out|to exclude|evaluate for|evaluation for|screening for|screen for|work up for|workup for"),
    *_cues("uncertain", "possible|possibly|probable|probably|suspected|suspect|suspicious for|questionable|presumed|presumptive|concern for|likely|may have|might have|unclear|versus|vs|unknown", reach=5),
    *_cues("uncertain", "highly likely|is likely|are likely|most likely|is possible|are possible|is suspected|are suspected|cannot be excluded|not excluded|is questionable|is uncertain|is unclear", backward=True, reach=6),
    *_cues("conditional", "if|unless|in case|risk of|risks of|at risk for|in the event", reach=8),
    *_cues("family", "mother|father|sister|brother|aunt|uncle|grandmother|grandfather|sibling|parent|cousin|daughter|family history|family hx|family member|maternal|paternal"),
    *_cues("family", "in her mother|in his mother|in the mother|in her father|in his father|in the family|in family|in her sister|in his brother|in a relative", backward=True, reach=8),
    *_cues("past", "after|following|history of|hx of|hx|h/o|past medical history|medical history", through_and=True, reach=30),
    *_cues("resolved", "resolved|childhood|remote history of|past history of|previous|previously|prior|in remission|old|former|formerly", reach=4),
    *_cues("resolved", "is resolved|has resolved|have resolved|resolved|in remission|in childhood|in the past|years ago", backward=True, reach=6),
    *_cues("earlier", "prior|previous|previously|past|earlier|underwent|undergone|has had|have had|had|received|receiving|history of|hx of|hx|status post|sp|tried|trialed|trialled|trial of|have included|has included|have been helpful|has been helpful|since her|since his|since their|since the last|failed|failing|failure of|treated with|managed with|relief from|relief with|relief after|benefit from|response to|responded to|respond to|improvement with|improvement from|improvement after|improved with|improved after|after|last|most recent|despite|refractory to|unresponsive to|already had|has taken|have taken|took|has been taking|was taking|has finished|finished|has completed|attended|participated in|has used|have used|was started on|was placed on|has been on|completed|ago|recent|recently|successful|experienced", through_and=True, reach=30),
    *_cues("earlier", "in the past|previously|years ago|months ago|weeks ago|was done|were done|was performed|were performed|already performed|already done|was completed|gave|provided|helped|worked|wore off|failed|did not help|without relief|was discontinued|were discontinued|was stopped|were stopped|caused|made him|made her|upset his|upset her|gave her|gave him|was helpful|were helpful|has helped|have helped|was done|done|performed on|was given|was attempted", backward=True, reach=14),
    *_cues("symptom", "currently has|currently have|continues to have|still has|still have|experiencing|experiences|complains of|complaining of|complaints of|complaint of|reports|reporting|symptoms of|symptoms including|suffers from symptoms|manifested by", through_and=True, reach=14),
)  # fmt: skip
#: These count in a note only: a question asks for what is planned.
_NOTE_CUES: Final[tuple[Cue, ...]] = (
    *_cues("denied", "negative", reach=4),
    *_cues("denied", "denied", backward=True, reach=2),
    *_cues("planned", "will|would|plan to|plans to|plan for|plan on|planning|scheduled for|scheduling|schedule|proceed with|proceed to|recommend|recommends|recommended|recommending|consider|considering|considered|candidate for|would like to|going to|begin|beginning|start|starting|initiate|initiating|prescribe|prescribed|prescription for|prescription of|order|ordered|refer for|referral for|request|requesting|requested|return for|discussed|wishes to|wants to|interested in|may benefit from|could try", through_and=True, reach=40),
)  # fmt: skip
_BY_FIRST: Final[dict[str, list[Cue]]] = {}
_BY_FIRST_IN_NOTE: Final[dict[str, list[Cue]]] = {}
for _cue in _CUES:
    _BY_FIRST.setdefault(_cue.words[0], []).append(_cue)
for _cue in (*_CUES, *_NOTE_CUES):
    _BY_FIRST_IN_NOTE.setdefault(_cue.words[0], []).append(_cue)
#: Cues that tell something as done even where intentions, or the visit itself, are told.
_SURELY_EARLIER: Final = frozenset(
    "prior previous previously past earlier underwent undergone failed failing failure tried trialed trialled despite refractory "
    "unresponsive ago history hx status sp last most already".split()
)
_DONE_WHERE_PLANNED: Final = _SURELY_EARLIER | frozenset(
    "had has have helped gave provided relief response responded improvement improved benefit worked wore".split()
)

#: These end what a cue governs.
_END: Final = frozenset(
    {"but", "however", "although", "though", "except", "yet", "whereas", "nevertheless"}
)
_END_OF_DENIAL: Final = _END | frozenset(
    {
        "has",
        "have",
        "had",
        "with",
        "who",
        "which",
        "presents",
        "present",
        "presenting",
        "despite",
        "given",
        "because",
    }
    | {
        "is",
        "are",
        "was",
        "were",
        "medically",
        "diagnosed",
        "treated",
        "considering",
        "requesting",
        "due",
        "since",
    }
)
_END_OF_PAST: Final = _END | frozenset(
    {
        "is",
        "are",
        "be",
        "requesting",
        "request",
        "requests",
        "requested",
        "seeking",
        "now",
        "currently",
    }
    | {"needs", "need", "plan", "planned", "medically", "diagnosed", "diagnosis", "today"}
)
_END_OF_FAMILY: Final = _END | frozenset({"patient", "she", "he", "who", "is", "are"})
_ENDS: Final = {
    "denied": _END_OF_DENIAL,
    "ruled_out": _END_OF_DENIAL,
    "uncertain": _END_OF_DENIAL,
    # "If she becomes pregnant, would a block ...": the question itself depends on nothing.
    "conditional": _END | frozenset({"then", "would", "should"}),
    "family": _END_OF_FAMILY,
    "past": _END_OF_PAST,
    "resolved": _END_OF_DENIAL | {"and"},
    "earlier": _END_OF_PAST,
    "symptom": _END_OF_DENIAL,
    "planned": _END,
    "refused": _END_OF_DENIAL,
}
#: *No difficulty with swallowing* goes on to what is denied.
_WITH_WHAT: Final = frozenset(
    {
        "difficulty",
        "difficulties",
        "difficultie",
        "problem",
        "trouble",
        "issue",
        "complaint",
        "associated",
    }
)
#: A cue word that means something else here: (cue, the words that must be near, before or after).
_NOT_A_CUE_BEFORE: Final = {
    "no": frozenset({"longer", "change", "doubt", "further", "later"}),
    "not": frozenset(
        {
            "only",
            "just",
            "medically",
            "sure",
            "certain",
            "limited",
            "covered",
            "responded",
            "intractable",
            # "do not stop warfarin": it is taken
            "stop",
            "hold",
            "discontinue",
            "interrupt",
        }
    ),
    "old": frozenset(
        {"male", "female", "man", "woman", "patient", "with", "lady", "gentleman", "boy", "girl"}
    ),
    "past": frozenset({"medical"}),
    "prior": frozenset({"auth", "authorization", "authorisation", "approval", "determination"}),
    "previous": frozenset({"auth", "authorization", "denial", "determination"}),
    "had": frozenset({"a", "an"}) - {"a", "an"},
    "last": frozenset({"resort"}),
    "after": frozenset({"all"}),
}
#: *X negative* denies X; *X, negative Y* does not.
_OF_WHAT_PRECEDES: Final = frozenset({("negative",), ("absent",), ("denied",)})
#: After these, *failed* speaks of what stands before it.
_AFTER_WHAT_FAILED: Final = frozenset(
    "to and but so in with due because after as for or which".split()
)
_NOT_A_CUE_AFTER: Final = {"old": frozenset({"year", "years", "yr", "month"})}


class Scopes:
    """For every word of a document: which cues govern it.

    >>> document = Document("No numbness or weakness, but has neck pain")
    >>> scopes = Scopes(document, [t.norm for t in document.tokens])
    >>> scopes.has("denied", 1, 2), scopes.has("denied", 7, 9)
    (True, False)
    """

    def __init__(
        self,
        document: Document,
        norms: Sequence[str],
        inert: Iterable[int] = (),
        held: Iterable[tuple[str, int, int]] | None = None,
        within: Mapping[int, int] = MappingProxyType({}),
    ) -> None:
        """`inert` are words that are no cue here, because they belong to a longer phrase.

        `within` says where the phrase of a word ends, beyond which its cue does not reach: *migraine
        without aura, seen today* denies the aura alone.
        `held` makes the document a note: the effects its sections and forms have on ranges of words.
        """
        self.document = document
        self.norms = norms
        self._by_effect: dict[str, dict[int, list[tuple[int, int, int]]]] = {}
        self.governed: list[tuple[str, int, int]] = []
        cues = _BY_FIRST if held is None else _BY_FIRST_IN_NOTE
        silent = frozenset(inert)
        for at, norm in enumerate(norms):
            for cue in cues.get(norm, ()):
                if tuple(norms[at : at + len(cue.words)]) != cue.words:
                    continue
                if (
                    cue.effect in ("denied", "earlier", "resolved", "uncertain")
                    and at in silent
                    and not cue.backward
                ):
                    continue
                if self._means_something_else(cue, at) or (
                    cue.backward and self._looks_ahead(cue, at)
                ):
                    continue
                first, last = (
                    self._backward(cue, at)
                    if cue.backward
                    else self._forward(cue, at + len(cue.words))
                )
                if not cue.backward and at in within:
                    last = min(last, within[at])
                self._govern(cue.effect, first, last, at, at + len(cue.words))
        for effect, first, last in held or ():
            self._govern(effect, first, last, -1, -1)
        # What stands before a date that is past was done then, unless it is told as planned.
        for _, first, last in [entry for entry in self.governed if entry[0] == "dated"]:
            for word in range(first, last):
                if not self.has("planned", word, word + 1) and not self.has(
                    "performed", word, word + 1
                ):
                    self._govern("earlier", word, last, -1, -1)

    def _govern(self, effect: str, first: int, last: int, cue_first: int, cue_last: int) -> None:
        governed = self._by_effect.setdefault(effect, {})
        self.governed.append((effect, first, last))
        for word in range(first, last):
            governed.setdefault(word, []).append((last, cue_first, cue_last))

    def has(self, effect: str, first: int, last: int) -> bool:
        """Whether a cue of this effect governs the words from `first` up to `last`."""
        return self.cue(effect, first, last) is not None

    def cue(self, effect: str, first: int, last: int) -> tuple[int, int] | None:
        """The words of the cue that governs these words, or None."""
        for end, cue_first, cue_last in self._by_effect.get(effect, {}).get(first, ()):
            if last <= end and not (first <= cue_first < last):
                if effect != "earlier" or self._surely_earlier(cue_first, first, last):
                    return cue_first, cue_last
        return None

    def _surely_earlier(self, cue: int, first: int, last: int) -> bool:
        """In a note's plan, or its account of the visit itself, only plain words tell of earlier."""
        if cue < 0:
            return True
        if self.has("performed", first, last):
            return self.norms[cue] in _SURELY_EARLIER
        return not self.has("planned", first, last) or self.norms[cue] in _DONE_WHERE_PLANNED

    def _means_something_else(self, cue: Cue, at: int) -> bool:
        after = self.norms[at + len(cue.words)] if at + len(cue.words) < len(self.norms) else ""
        before = self.norms[at - 1] if at else ""
        key = cue.words[0] if len(cue.words) == 1 else ""
        return after in _NOT_A_CUE_BEFORE.get(key, ()) or before in _NOT_A_CUE_AFTER.get(key, ())

    def _looks_ahead(self, cue: Cue, at: int) -> bool:
        """*Failed* before what was tried governs that, and nothing before it: *block for X, failed NSAIDs*."""
        after = at + len(cue.words)
        two_ways = any(
            other.words == cue.words and not other.backward for other in _BY_FIRST[cue.words[0]]
        )
        if cue.words not in _OF_WHAT_PRECEDES and not two_ways:
            return False
        if cue.words in _OF_WHAT_PRECEDES and "," in self.document.gap(at):
            return True
        if after >= len(self.norms) or self.document.sentence[after] != self.document.sentence[at]:
            return False
        return not self.document.gap(after).strip() and self.norms[after] not in _AFTER_WHAT_FAILED

    def _forward(self, cue: Cue, start: int) -> tuple[int, int]:
        document, norms = self.document, self.norms
        ends = _ENDS[cue.effect]
        at = start
        while at < len(norms) and at - start < cue.reach:
            if at > 0 and document.sentence[at] != document.sentence[start - 1]:
                break
            if (
                norms[at] in ends
                and at > start
                and not (norms[at] == "with" and norms[at - 1] in _WITH_WHAT)
            ):
                break
            gap = document.gap(at)
            if at > start and "," in gap and not cue.through_and:
                if cue.effect == "family" or norms[at] in ("and", "who", "with", "has"):
                    break
            at += 1
        return start, at

    def _backward(self, cue: Cue, end: int) -> tuple[int, int]:
        document, norms = self.document, self.norms
        ends = _ENDS[cue.effect] - {"is", "are", "was", "were", "has", "have", "had"}
        at = end
        while at > 0 and end - at < cue.reach:
            if document.sentence[at - 1] != document.sentence[end] or norms[at - 1] in ends:
                break
            if at < end and "," in document.gap(at):
                break
            at -= 1
        return at, end
