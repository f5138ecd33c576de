"""Inquiries: the determination as an article, its open questions, follow-ups, and the forms it can be taken in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from ...model.errors import InputError
from ...report.article import SlotName
from ...report.html import audience_form, draw_blocks, question_form
from ...report.html.forms import Form as ArticleForm
from ...report.markup import Markup, element
from ...report.pdf import pdf
from ...report.plain_text import plain_text
from ...report.words import AUDIENCES, Audience
from ...review.errors import Stale
from ...review.inquiries import document_body, load_inquiry, revise_inquiry, share_inquiry
from ...review.records import RecordKept
from ..cookies import cookie, cookie_name
from ..forms import CSRF_FIELD, EMPTY_FORM, Form
from ..here import Here
from ..opened import opened
from ..views import inquiries as views

_YEAR: Final = 366 * 86_400


def reader(here: Here, request: Request[Any, Any, Any]) -> Audience:
    """The reader that was chosen last, or the one that fits the person's role."""
    chosen = request.cookies.get(cookie_name(here.settings, "reader"), "")
    for one in AUDIENCES:
        if one == chosen:
            return one
    person = here.signed_in
    if person.is_a("nurse_reviewer", "physician_reviewer"):
        return "reviewer"
    return "auditor" if person.is_a("auditor") else "clinician"


@get("/inquiries", name="inquiries", include_in_schema=False, sync_to_thread=True)
def inquiries(here: NamedDependency[Here], page: FromQuery[int] = 1) -> Response[str]:
    """One's own inquiries."""
    with here.look() as work:
        view = views.inquiries(work, max(page, 1))
    return here.page("inquiries/inquiries.html", view)


@get(
    "/inquiries/{inquiry_id:str}",
    name="inquiries.one",
    include_in_schema=False,
    sync_to_thread=True,
)
def one(
    here: NamedDependency[Here],
    request: Request[Any, Any, Any],
    inquiry_id: FromPath[str],
    record: FromQuery[int | None] = None,
) -> Response[str]:
    """An inquiry with its latest determination, or an earlier one."""
    audience = reader(here, request)
    files, review = opened(here, inquiry_id, record)
    return _shown(here, files, audience, review)


def _shown(
    here: Here,
    files: views.InquiryFiles,
    audience: Audience,
    review: Mapping[str, Any],
    *,
    typed: Form | None = None,
    problem: Exception | None = None,
    errors: Mapping[str, str] | None = None,
    status: int | None = None,
) -> Response[str]:
    view = views.inquiry_page(files, here.signed_in.id, here.house, audience)
    hidden = {CSRF_FIELD: here.csrf, "expected": str(view.version)}
    path = {"inquiry_id": view.id}
    slots: dict[SlotName, str | Markup] = {
        "audience": audience_form(
            audience,
            ArticleForm(action=here.url("inquiries.reader", **path), hidden=hidden),
        ),
        "follow-up": element("p", element("a", "Ask on, below", href="#ask-on"), "."),
    }
    if view.own and view.latest and view.questions:
        slots["questions"] = question_form(
            view.questions,
            ArticleForm(action=here.url("inquiries.answer", **path), hidden=hidden),
            values={name: list(values) for name, values in typed.fields.items()}
            if typed and errors
            else None,
            errors=errors,
            plain=audience == "patient",
        )
    thread = [(entry, draw_blocks(entry.reply.blocks)) for entry in view.thread]
    return here.page(
        "inquiries/inquiry.html",
        view,
        article=here.house.answers.drawn(*_shared(here, files, audience, review)).filled(slots),
        thread=thread,
        audience=audience,
        link=here.absolute("inquiries.one", **path),
        problem=problem,
        status=400 if errors else status,
        typed=typed or EMPTY_FORM,
    )


def _shared(
    here: Here, files: views.InquiryFiles, audience: Audience, review: Mapping[str, Any]
) -> tuple[RecordKept, Audience, dict[str, Any], RecordKept | None]:
    """What the article of the page, of its text and of its PDF is made of: with what changed, and this server's addresses."""
    found = dict(review)
    if here.may("content"):
        found["editorial_policy"] = {
            "url": here.absolute("content"),
            "words": "the editorial policy",
        }
    if files.cases and here.may("cases.one"):
        found["links"] = {"case": here.absolute("cases.one", case_id=files.cases[-1].id)}
    return files.record, audience, found, files.before


@post(
    "/inquiries/{inquiry_id:str}/reader",
    name="inquiries.reader",
    include_in_schema=False,
    sync_to_thread=False,
)
def choose_reader(
    here: NamedDependency[Here], inquiry_id: FromPath[str], form: NamedDependency[Form]
) -> Response[None]:
    """Remember for whom articles are worded."""
    audience = views.audience_of(form.get("audience"))
    return here.redirect(
        "inquiries.one",
        inquiry_id=inquiry_id,
        cookies=(cookie(here.settings, "reader", audience, seconds=_YEAR),),
    )


@post(
    "/inquiries/{inquiry_id:str}/answers",
    name="inquiries.answer",
    include_in_schema=False,
    sync_to_thread=True,
)
def answer(
    here: NamedDependency[Here],
    request: Request[Any, Any, Any],
    inquiry_id: FromPath[str],
    form: NamedDependency[Form],
) -> Response[Any]:
    """Judge again with the questions that were answered."""
    audience = reader(here, request)
    files, review = opened(here, inquiry_id)
    values = {name: list(given) for name, given in form.fields.items()}
    before = here.house.answers.answer(files.record)
    said, revised = views.answered(here.house, before, audience, values)
    if revised is None:
        if said.empty:
            return here.redirect(
                "inquiries.one",
                say="Nothing was filled in, so nothing changed.",
                tone="caution",
                inquiry_id=inquiry_id,
                fragment="would-change",
            )
        return _shown(here, files, audience, review, typed=form, errors=said.errors)
    with here.work() as work:
        revise_inquiry(work, inquiry_id, revised, why="answered", expected=form.expected)
    return here.redirect("inquiries.one", say="Judged again.", inquiry_id=inquiry_id)


@post(
    "/inquiries/{inquiry_id:str}/follow-ups",
    name="inquiries.follow_up",
    include_in_schema=False,
    sync_to_thread=True,
)
def follow_up(
    here: NamedDependency[Here],
    request: Request[Any, Any, Any],
    inquiry_id: FromPath[str],
    form: NamedDependency[Form],
) -> Response[Any]:
    """Ask on: the request is kept, the thread grows."""
    audience = reader(here, request)
    files, review = opened(here, inquiry_id)
    try:
        sent = views.FollowUpSent(question=_asked(form), expected=form.expected, audience=audience)
        found = views.ask_on(here.house, files, sent.question, audience)
    except InputError as error:
        shown = InputError(error.problem, where="question", mend=error.mend)
        return _shown(here, files, audience, review, typed=form, problem=shown, errors={})
    try:
        with here.work() as work:
            views.keep_follow_up(work, inquiry_id, sent, found)
    except Stale as error:  # what was typed is kept, beside the inquiry as it is now
        files, review = opened(here, inquiry_id)
        return _shown(here, files, audience, review, typed=form, problem=error, status=409)
    return here.redirect("inquiries.one", inquiry_id=inquiry_id, fragment="thread-end")


def _asked(form: Form) -> str:
    question = form.get("question")
    if not question:
        raise InputError("ask something", where="question")
    return question


@post(
    "/inquiries/{inquiry_id:str}/sharing",
    name="inquiries.share",
    include_in_schema=False,
    sync_to_thread=True,
)
def share(
    here: NamedDependency[Here], inquiry_id: FromPath[str], form: NamedDependency[Form]
) -> Response[None]:
    """Let everyone here who has the link read it, or no longer."""
    shared = form.get("shared") == "yes"
    with here.work() as work:
        share_inquiry(work, inquiry_id, shared=shared, expected=form.expected)
    said = (
        "Whoever has the link and an account here can read this now."
        if shared
        else "Only you can read this now."
    )
    return here.redirect("inquiries.one", say=said, inquiry_id=inquiry_id)


@get(
    "/inquiries/{inquiry_id:str}/text",
    name="inquiries.text",
    include_in_schema=False,
    sync_to_thread=True,
)
def text(
    here: NamedDependency[Here],
    request: Request[Any, Any, Any],
    inquiry_id: FromPath[str],
    record: FromQuery[int | None] = None,
) -> Response[str]:
    """The article as plain text, to be copied into a record."""
    audience = reader(here, request)
    files, review = opened(here, inquiry_id, record)
    said = plain_text(here.house.answers.article(*_shared(here, files, audience, review)))
    return here.page("inquiries/text.html", views.text_of(files, said), audience=audience)


@get(
    "/inquiries/{inquiry_id:str}/pdf",
    name="inquiries.pdf",
    include_in_schema=False,
    sync_to_thread=True,
)
def as_pdf(
    here: NamedDependency[Here],
    request: Request[Any, Any, Any],
    inquiry_id: FromPath[str],
    record: FromQuery[int | None] = None,
) -> Response[bytes]:
    """The article as a PDF."""
    audience = reader(here, request)
    files, review = opened(here, inquiry_id, record)
    made = pdf(here.house.answers.article(*_shared(here, files, audience, review)))
    return here.file(made, "application/pdf", "determination.pdf")


@get(
    "/inquiries/{inquiry_id:str}/documents/{document_id:str}",
    name="inquiries.document",
    include_in_schema=False,
    sync_to_thread=True,
)
def document(
    here: NamedDependency[Here], inquiry_id: FromPath[str], document_id: FromPath[str]
) -> Response[bytes]:
    """A file as it was sent; saved, never opened in the page."""
    with here.work() as work:
        load_inquiry(work, inquiry_id)
        file = document_body(work, inquiry_id, document_id)
        work.log("seen", f"inquiry:{inquiry_id}", document=document_id)
    return here.file(file.body, "application/octet-stream", "document")


ROUTES = (
    inquiries,
    one,
    choose_reader,
    answer,
    follow_up,
    share,
    text,
    as_pdf,
    document,
)
