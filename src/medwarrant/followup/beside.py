"""A pair that was not asked about, judged beside the request for the time of one question."""

from __future__ import annotations

from ..answer import Answer
from ..report.article import Line
from .applied import applied
from .focus import Focus, focus_of
from .given import Given
from .talk import Talk


def beside(talk: Talk, text: str, focus: Focus) -> tuple[Talk, Focus, Line | None, Answer | None]:
    """The talk on an answer that holds the pair asked about: where it was not, judged beside it."""
    if not focus.others or not talk.answer.reading.request.pairs():
        return talk, focus, None, None
    request = talk.answer.reading.request
    known = [line.code for line in request.services]
    icd = talk.medwarrant.icd
    services = [code for code in focus.other_services if not focus.services and code not in known]
    diagnoses = [code for code in focus.other_diagnoses if not focus.diagnoses and icd.lookup(code)]
    if not services and not diagnoses:
        return talk, focus, None, None
    given = Given(
        services=tuple({"code": code} for code in (services or focus.services or known)),
        diagnoses=tuple(
            {"code": code}
            for code in (diagnoses or focus.diagnoses or [d.code for d in request.diagnoses])
        ),
    )
    after = applied(given, talk.answer, talk.medwarrant)
    said = (
        "You did not ask about this before. We did not save it."
        if talk.plain
        else "Not asked about before; judged beside the request and not kept."
    )
    return talk.of(after), focus_of(text, after, talk.readings), Line(text=said), after
