"""The parts of a follow-up, each recognised and answered in order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ..answer import Answer
from ..engine.supplied import COVERAGE_FACTS
from ..evidence import named_sources
from ..model.facts import Fact
from .applied import tell_new_facts, tell_record, tell_what_if
from .beside import beside
from .coding_told import tell_coding
from .cues import ASKS_TO, TAKE_BACK
from .evidence_told import tell_evidence
from .focus import Focus, focus_of
from .given import Given, read_given
from .missing import tell_missing
from .nearest import not_in_library, tell_library
from .outside import tell_outside
from .parts import Part, only
from .patterns import asks_of_name, is_asked, plain_form, sort_of
from .payer_told import payers_named, tell_payer, tell_payers
from .premise import premise
from .source_told import paper_named
from .taken_back import tell_nothing_to_take_back, tell_taken_back
from .talk import Talk, Told
from .why import tell_why

#: Sorts of question that a payer named in them turns into a question on that payer's policy.
_OF_PAYER: Final = ("why", "missing", "rule", "payers", "status", "evidence", "safety", None)
_POLICY_WORDS: Final = re.compile(
    r"\b(?:polic(?:y|ies)|criteria|rules?|position|bulletins?|lcds?|ncds?|says?|requires?|covers?|covered)\b"
)
_PAYER_STATED: Final = re.compile(
    r"\b(?:has|have|had|is|are|payer|payor|insurance|insured|insurer|through|switched|changed|covered\ by|member|enrolled|on)\b"
)
_SHORT: Final = re.compile(r"^(?:what|how)\s+about\b|^(?:and|or)\s+(?:for|with|under|in|at)\b")
#: The words of a rule that say nothing of what it is about.
_OF_RULES: Final = re.compile(
    r"\b(?:allow(?:ed|s)?|permitted|forbidden|prohibited|required|mandatory|obligatory|needed|needs?|must|have\s+to|has\s+to|how\s+(?:many|much|often))\b",
    re.IGNORECASE,
)
_WH: Final = re.compile(r"^(?:what|which|who|whom|whose|when|where|why|how)\b")
_AUX: Final = re.compile(
    r"^(?:is|are|was|were|does|do|did|has|have|had|would|will|can|could|should|may|might|must|isn't|aren't|doesn't|don't|won't|wouldn't|can't)\b"
)
#: Questions on what the request says of the patient: *has she tried a triptan?*
_ON_RECORD: Final = re.compile(
    r"^(?:(?:has|have|had|did)\ (?:she|he|they|it|the\ (?:patient|member))|(?:is|was)\ (?:she|he|the\ (?:patient|member)))\b"
)
#: So many words may name who pays without saying that it is so.
_BARE_PAYER: Final = 4
_GREETING: Final = 3
#: So many questions of one follow-up are answered.
_MOST_QUESTIONS: Final = 6


class Answered:
    """Answers the parts of one follow-up, in order."""

    def __init__(self, talk: Talk, text: str, document: str, before: Answer | None = None) -> None:
        self.talk = talk
        self.before = before
        self.text = text
        self.document = document
        self.unread: tuple[str, ...] = ()
        self.left = 0

    def all(self, parts: Sequence[Part]) -> list[tuple[str, Told]]:
        """Each part that says something with its reply; what is stated comes first."""
        stated = [part for part in parts if self._is_stated(part)]
        asked = [part for part in parts if part not in stated]
        found: list[tuple[str, Told]] = []
        if stated:
            told = self._stated(stated, alone=not asked)
            if told is not None:
                found.append((" ".join(part.text for part in stated), told))
            elif len(" ".join(part.text for part in stated).split()) > _GREETING:
                self.unread = tuple(part.text for part in stated)
        for part in asked[:_MOST_QUESTIONS]:
            if found and found[0][1].keeps and self._only_asks_how_it_stands(part):
                continue
            found.append((part.text, self._asked(part)))
        self.left = len(asked) - _MOST_QUESTIONS
        return found

    def _is_stated(self, part: Part) -> bool:
        if ASKS_TO.search(plain_form(part.text)) or TAKE_BACK.match(part.text):
            return True
        plain = plain_form(part.text)
        asked = self._is_asked(part, plain)
        return not asked and sort_of(plain, asked=False) is None

    @staticmethod
    def _is_asked(part: Part, plain: str) -> bool:
        opened = " ".join(part.text.lower().split()).lstrip("-*>\"'( ")
        named = asks_of_name(part.text)
        return part.asked or named or is_asked(plain) or is_asked(opened)

    def _only_asks_how_it_stands(self, part: Part) -> bool:
        """Whether a part asks what the new facts have answered, such as whether it is covered now."""
        plain = plain_form(part.text)
        if sort_of(plain, asked=True) not in ("status", None) and not re.search(
            r"\b(?:change|matter|difference|help)\b", plain
        ):
            return False
        focus = self._focus(part.text)
        if focus.anything or focus.others:
            return False
        given = self._given(part, supposed=True)
        if given.anything or given.says_coverage:
            return False
        return sort_of(plain, asked=True) == "status" or bool(
            re.search(r"\b(?:change|matter|difference|help|now|then)\b", plain)
        )

    # --- what is stated ---------------------------------------------------------------------------

    def _stated(self, parts: Sequence[Part], *, alone: bool) -> Told | None:
        """New facts; where none is read, the words as a question, if nothing else was asked."""
        text = only(self.text, [(part.start, part.end) for part in parts])
        if (back := TAKE_BACK.match(text)) is not None:
            return self._taken_back(text, back)
        given = read_given(text, self.talk.answer, self.talk.readings, document=self.document)
        words = " ".join(part.text for part in parts)
        plain = plain_form(words)
        if (
            given.only_coverage
            and not given.corrects
            and not _PAYER_STATED.search(plain)
            and (_POLICY_WORDS.search(plain) or len(plain.split()) > _BARE_PAYER)
        ):
            return tell_payer(self.talk, (*given.facts, *given.known), self._focus(words))
        if given.says:
            return self._kept(tell_new_facts(self.talk, given))
        if not alone:
            return None
        return self._open(parts[0] if len(parts) == 1 else Part(0, len(self.text), words), plain)

    def _kept(self, told: Told) -> Told:
        """What is told, with the talk on the answer that is kept from here on."""
        if told.answer is not None:
            self.talk = self.talk.of(told.answer)
        return told

    def _taken_back(self, text: str, back: re.Match[str]) -> Told:
        """The last change taken back; what is said after that is read on the answer of before."""
        rest = " " * back.end() + text[back.end() :]
        earlier = self.before
        if earlier is None:
            return tell_nothing_to_take_back(self.talk, text[: back.end()])
        given = read_given(rest, earlier, self.talk.readings, document=self.document)
        return self._kept(tell_taken_back(self.talk, earlier, given))

    # --- what is asked ----------------------------------------------------------------------------

    def _asked(self, part: Part) -> Told:
        plain = plain_form(part.text)
        sort = sort_of(plain, asked=self._is_asked(part, plain))
        if sort == "what_if":
            supposed = premise(part.text)
            given = self._given(part, words=supposed, supposed=True)
            if given.says:
                return tell_what_if(self.talk, given)
            sort = sort_of(plain_form(part.text.lower().replace(" if ", " ")), asked=True)
            sort = None if sort == "what_if" else sort
            if sort is None:
                return self._library(part.text)
        return self._sorted(part, plain, sort)

    def _open(self, part: Part, plain: str) -> Told:
        """Words that state nothing, taken as a question."""
        sort = sort_of(plain, asked=True)
        return self._sorted(part, plain, None if sort == "what_if" else sort)

    def _sorted(self, part: Part, plain: str, sort: str | None) -> Told:
        text = part.text
        if sort == "outside":
            return tell_outside(self.talk, plain)
        focus = self._focus(text)
        given = self._given(part, supposed=True)
        coverage = [f for f in (*given.facts, *given.known) if f.fact in COVERAGE_FACTS]
        if sort in _OF_PAYER:
            payers = payers_named(text, self.talk)
            if len(payers) > 1:
                return self._each_payer(payers, focus)
            if coverage:
                return tell_payer(self.talk, coverage, focus)
        if sort == "coding":
            told = tell_coding(self.talk, text, plain, focus)
            return told if told.kind != "not_in_library" else self._library(text)
        if sort == "payers":
            return tell_payers(self.talk, focus)
        if sort == "safety":
            return self._or_not(text, tell_library(self.talk, text, safety=focus))
        paper = sort in (None, "status") and (
            paper_named(text) is not None or bool(named_sources(self.talk.library, text))
        )
        if sort == "evidence" or paper:
            talk, focus, head, after = beside(self.talk, text, focus)
            told = tell_evidence(talk, text, plain, focus, head=head)
            return self._or_not(text, told, after)
        if sort == "rule":
            told = tell_library(self.talk, _OF_RULES.sub(" ", text))
            if told.kind == "library":
                return told
            sort = "missing"
        if sort == "missing":
            talk, focus, head, after = beside(self.talk, text, focus)
            return self._or_not(text, tell_missing(talk, plain, focus, head=head), after)
        if sort == "why":
            talk, focus, head, after = beside(self.talk, text, focus)
            return self._or_not(text, tell_why(talk, plain, focus, head=head), after)
        return self._how_it_stands(text, plain, sort, focus, given)

    def _how_it_stands(
        self, text: str, plain: str, sort: str | None, focus: Focus, given: Given
    ) -> Told:
        """Whether it is covered, or a question of no sort: a supposition, a pair, or the library."""
        if _ON_RECORD.search(plain) and sort is None and (given.facts or given.known):
            return tell_record(self.talk, given)
        supposes = sort == "status" or _SHORT.search(plain) or _AUX.search(plain)
        if supposes and given.anything:
            return tell_what_if(self.talk, given)
        if sort == "status":
            return tell_why(self.talk, plain, focus)
        if focus.anything and (_SHORT.search(plain) or len(plain.split()) <= 6):
            return tell_why(self.talk, plain, focus)
        told = tell_library(self.talk, text)
        if (
            told.kind == "not_in_library"
            and (supposes or not _WH.search(plain))
            and given.anything
            and self._has_policies(given)
        ):
            return tell_what_if(self.talk, given)
        if told.kind == "not_in_library" and focus.anything and _AUX.search(plain):
            return tell_why(self.talk, plain, focus)
        return self._or_not(text, told)

    def _each_payer(self, payers: Sequence[str], focus: Focus) -> Told:
        """What each of several payers says, one after the other."""
        told = [tell_payer(self.talk, [Fact(fact="payer", value=name)], focus) for name in payers]
        return Told("other_payer", tuple(block for one in told for block in one.blocks))

    def _has_policies(self, given: Given) -> bool:
        """Whether a policy speaks of each service that a part adds."""
        library = self.talk.library
        services = [code for code in given.added if library.procedure(code) is not None]
        return all(library.policies_for(code) for code in services)

    # --- parts of the above -----------------------------------------------------------------------

    def _focus(self, text: str) -> Focus:
        return focus_of(text, self.talk.answer, self.talk.readings)

    def _given(self, part: Part, *, words: str | None = None, supposed: bool = False) -> Given:
        """What a part gives, its characters counted in the whole follow-up."""
        within = part.text if words is None else words
        text = " " * part.start + within
        return read_given(
            text, self.talk.answer, self.talk.readings, document=self.document, supposed=supposed
        )

    def _library(self, text: str) -> Told:
        return self._or_not(text, tell_library(self.talk, text))

    def _or_not(self, text: str, told: Told, after: Answer | None = None) -> Told:
        """The reply, or that the library holds nothing on it."""
        if told.kind == "not_in_library":
            return not_in_library(self.talk, text)
        if after is not None and told.answer is None:
            return Told(told.kind, told.blocks, told.changes, told.facts, answer=after)
        return told
