"""The request for information: what is missing, why it is asked, what closes it, by when and how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...model.errors import InputError
from ...policy.prose import join
from ..citations import CitationList
from ..text import clean, counted, date_words, upper_first
from ..view import ArticleView, article_view
from .asking import asked_lines, conditions_of
from .decided import addressed
from .letter import Block, Boxed, Letter, Line, Listed, Part, Signature, Table, Text, finished
from .parts import case_fields, paragraphs, policies_part, record_lines, sender_lines, sources_part
from .told import Correspondence, InformationAsked

if TYPE_CHECKING:
    from ...answer import Answer


def information_request_letter(
    answer: Answer, asked: InformationAsked, to: Correspondence
) -> Letter:
    """The letter to a practice that asks for what is missing; it says that nothing is decided yet.

    It may be sent while the determination is provisional: it approves nothing. Raises `InputError` where
    nothing is asked, for what the determination does not hold, for a day to answer by that lies before the
    letter's, and where plan, case or practice is not named or no way to answer is given.
    """
    addressed(to, "requester")
    if asked.answer_by < to.dated:
        raise InputError(
            "the day to answer by lies before the letter's own",
            where="answer_by",
            mend=f"the letter is dated {to.dated.isoformat()}",
        )
    view = article_view(answer)
    citations = CitationList(view.references, view.library)
    wanted = asked_lines(view, citations, asked.asked)
    said = conditions_of(view, view.pairs)
    criteria = all(one.about == "criterion" for one in asked.asked)
    whose = (Text((Line(text=said),)),) if said and criteria else ()
    day = date_words(asked.answer_by.isoformat())
    parts = [
        Part(
            id="opening",
            reader="office",
            blocks=(
                Text(
                    (
                        Line(
                            text="You asked us to decide on the services below. "
                            "We have not decided yet: what we have does not settle every point."
                        ),
                    )
                ),
                _services(view),
                Boxed(
                    f"Please answer by {day}",
                    (Line(text=f"{upper_first(counted(len(wanted), 'point'))} to answer."),),
                ),
            ),
        )
    ]
    if asked.words.strip():
        lines = paragraphs(asked.words, "person")
        parts.append(
            Part(id="words", title="From the reviewer", reader="office", blocks=(Text(lines),))
        )
    parts += [
        Part(
            id="asked",
            title="What we need",
            reader="office",
            blocks=(*whose, Listed(wanted, numbered=True)),
        ),
        Part(id="answer", title="How to answer", reader="office", blocks=_how(to, day)),
        policies_part(view, citations, view.pairs),
        *_notes(to),
    ]
    parts += sources_part(citations)
    return finished(
        Letter(
            kind="information_request_letter",
            title="Request for information",
            audience="practice",
            dated=to.dated,
            sender=to.plan,
            sender_lines=sender_lines(to),
            to=(to.requester, *to.requester_address),
            fields=case_fields(view, to),
            subject="We need more information to decide",
            greeting=f"To {to.requester}:",
            parts=tuple(parts),
            signature=_signature(asked, to),
            foot=record_lines(view),
        )
    )


def _services(view: ArticleView) -> Block:
    rows = []
    for service in view.services:
        pairs = view.of_service(service)
        if pairs:
            named = join((pair.diagnosis.full for pair in pairs), "and")
            rows.append(
                (
                    Line(lead=service.code, text=upper_first(service.name), origin="packs"),
                    Line(text=named, origin="record"),
                )
            )
    return Table("Services asked for", ("Service", "Diagnoses"), tuple(rows), (1, 1))


def _how(to: Correspondence, day: str) -> tuple[Block, ...]:
    """The ways to answer that the plan gives; at least one is needed."""
    post = ", ".join(filter(None, (to.plan, *to.plan_address))) if to.plan_address else ""
    ways = (
        ("Online:", to.online),
        ("By fax:", to.fax),
        ("By post:", post),
        ("Questions, by phone:", to.phone),
    )
    lines = tuple(
        Line(lead=lead, text=clean(where).strip(), origin="plan")
        for lead, where in ways
        if where.strip()
    )
    if not lines:
        raise InputError(
            "nothing says how the practice can answer",
            where="correspondence.fax",
            mend="give a fax, an online address, a phone or the plan's address",
        )
    mark = f"Write case number {clean(to.case_number).strip()} on each page. We need it by {day}."
    return (Listed(lines), Text((Line(text=mark),)))


def _notes(to: Correspondence) -> tuple[Part, ...]:
    notices = tuple(line for text in to.notices for line in paragraphs(text, "plan"))
    if not notices:
        return ()
    return (Part(id="notices", title="Please note", reader="office", blocks=(Text(notices),)),)


def _signature(asked: InformationAsked, to: Correspondence) -> Signature | None:
    if not asked.asked_by.strip():
        return None
    return Signature(
        lead="Asked by",
        name=asked.asked_by.strip(),
        credentials=asked.credentials.strip(),
        on=date_words(to.dated.isoformat()),
    )
