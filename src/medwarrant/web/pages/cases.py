"""Review cases: the worklist, a case, its worksheet, acts on it, its letters."""

from __future__ import annotations

from typing import Annotated, Any, Final

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery, QueryParameter

from ...model.errors import InputError
from ...report.html import article_fragment
from ...report.letters import letter_html_fragment
from ...review.states import STATE_WORDS, STATES
from ...review.work import Work
from ...review.worklist import Filters
from ..forms import EMPTY_FORM, Form
from ..here import Here
from ..paging import Page
from ..views import cases as views
from ..views.case_acts import CASE_ACTS, CaseAct
from ..views.fact_forms import fact_forms, facts_said, refuse_unknown_fact
from ..views.reading import coverage_options
from .asking import files_of

_FILTERS: Final = ("state", "urgency", "line_of_business", "payer", "outcome")
_BOXES: Final = ("mine", "unassigned", "overdue")


@get("/cases", name="cases", include_in_schema=False, sync_to_thread=True)
def cases(
    here: NamedDependency[Here],
    in_state: Annotated[str, QueryParameter(name="state")] = "",
    urgency: FromQuery[str] = "",
    line_of_business: FromQuery[str] = "",
    payer: FromQuery[str] = "",
    outcome: FromQuery[str] = "",
    mine: FromQuery[str] = "",
    unassigned: FromQuery[str] = "",
    overdue: FromQuery[str] = "",
    page: FromQuery[int] = 1,
) -> Response[str]:
    """The worklist, due first."""
    chosen = {
        "state": in_state,
        "urgency": urgency,
        "line_of_business": line_of_business,
        "payer": payer,
        "outcome": outcome,
        "mine": mine,
        "unassigned": unassigned,
        "overdue": overdue,
    }
    return _worklist(here, chosen, page=page)


@post("/cases", name="cases.search", include_in_schema=False, sync_to_thread=True)
def search(here: NamedDependency[Here], form: NamedDependency[Form]) -> Response[str]:
    """The worklist searched: what is searched for stands in no address."""
    chosen = {name: form.get(name) for name in (*_FILTERS, *_BOXES)}
    return _worklist(here, chosen, search=form.get("search"), typed=form)


def _worklist(
    here: Here,
    chosen: dict[str, str],
    *,
    search: str = "",
    page: int = 1,
    typed: Form | None = None,
) -> Response[str]:
    filters = _filters(chosen, search, page)
    with here.look() as work:
        view = views.case_worklist(work, filters)
    options = coverage_options(here.desk.medwarrant.library)
    return here.page(
        "cases/worklist.html",
        view,
        chosen=chosen,
        search=search,
        state_words=STATE_WORDS,
        options=options,
        outcomes=views.OUTCOMES,
        paging=Page(number=view.page, size=filters.per_page, total=view.total),
        typed=typed or EMPTY_FORM,
    )


def _filters(chosen: dict[str, str], search: str, page: int) -> Filters:
    state, urgency = chosen["state"], chosen["urgency"]
    if state and state not in STATES:
        raise InputError("there is no such state", where="state", mend=", ".join(STATES))
    if urgency not in ("", "standard", "expedited"):
        raise InputError("there is no such urgency", where="urgency", mend="standard or expedited")
    return Filters(
        states=(state,) if state else (),
        mine=bool(chosen["mine"]),
        unassigned=bool(chosen["unassigned"]),
        overdue=bool(chosen["overdue"]),
        urgency=urgency or None,  # type: ignore[arg-type]  # one of the two
        line_of_business=chosen["line_of_business"] or None,
        payer=chosen["payer"] or None,
        outcome=chosen["outcome"] or None,
        search=search,
        page=page,
    )


@get(
    "/inquiries/{inquiry_id:str}/submission",
    name="cases.submit",
    include_in_schema=False,
    sync_to_thread=True,
)
def submission(here: NamedDependency[Here], inquiry_id: FromPath[str]) -> Response[str]:
    """The form by which an inquiry is submitted for review."""
    with here.look() as work:
        view = views.submit_view(work, inquiry_id)
    return here.page("cases/submit.html", view)


@post(
    "/inquiries/{inquiry_id:str}/submission",
    name="cases.submit.send",
    include_in_schema=False,
    sync_to_thread=True,
)
def submit(
    here: NamedDependency[Here], inquiry_id: FromPath[str], form: NamedDependency[Form]
) -> Response[Any]:
    """Submit an inquiry for review."""
    try:
        with here.work() as work:
            made = views.submitted(work, inquiry_id, form.into(views.Submission))
    except InputError as error:
        with here.look() as work:
            view = views.submit_view(work, inquiry_id)
        return here.page("cases/submit.html", view, typed=form, problem=error)
    return here.redirect("cases.one", say=f"Submitted as case {made.number}.", case_id=made.id)


@get("/cases/{case_id:str}", name="cases.one", include_in_schema=False, sync_to_thread=True)
def one(here: NamedDependency[Here], case_id: FromPath[str]) -> Response[str]:
    """A case."""
    return _case(here, case_id)


def _case(
    here: Here,
    case_id: str,
    *,
    typed: Form | None = None,
    problem: Exception | None = None,
    refused: str = "",
) -> Response[str]:
    with here.work() as work:
        view = views.case_view(work, case_id)
        people = views.colleagues(work) if "assign" in view.acts else ()
    return here.page(
        "cases/case.html",
        view,
        people=people,
        problem=problem,
        refused=refused,
        typed=typed or EMPTY_FORM,
    )


@get(
    "/cases/{case_id:str}/worksheet",
    name="cases.worksheet",
    include_in_schema=False,
    sync_to_thread=True,
)
def worksheet(here: NamedDependency[Here], case_id: FromPath[str]) -> Response[str]:
    """The worksheet: criteria on one side, documents with the quotes on the other."""
    return _worksheet(here, case_id)


def _worksheet(
    here: Here,
    case_id: str,
    *,
    typed: Form | None = None,
    problem: Exception | None = None,
    refused: str = "",
) -> Response[str]:
    with here.work() as work:
        view = views.worksheet_view(work, case_id)
    typed = typed or EMPTY_FORM
    facts = None
    if "review_facts" in view.sheet.acts:
        facts = fact_forms(view.sheet.answer, typed if refused == "facts" else EMPTY_FORM, problem)
    return here.page(
        "cases/worksheet.html",
        view,
        problem=problem,
        refused=refused,
        typed=typed,
        fact_forms=facts,
        references=views.references_shown(view),
    )


@get(
    "/cases/{case_id:str}/determination",
    name="cases.determination",
    include_in_schema=False,
    sync_to_thread=True,
)
def determination(here: NamedDependency[Here], case_id: FromPath[str]) -> Response[str]:
    """The article of the case's latest record, as a reviewer reads it."""
    with here.work() as work:
        view = views.case_view(work, case_id)
        kept = views.record_kept(work, case_id)
    composed = here.house.answers.article(kept, "reviewer")
    return here.page("cases/determination.html", view, article=article_fragment(composed))


def _act_route(act: CaseAct) -> HTTPRouteHandler:
    """The route of a page's form for an act."""

    @post(
        f"/cases/{{case_id:str}}/{act.name}",
        name=f"cases.{act.name}",
        include_in_schema=False,
        sync_to_thread=True,
    )
    def do(
        here: NamedDependency[Here], case_id: FromPath[str], form: NamedDependency[Form]
    ) -> Response[Any]:
        try:
            with here.work() as work:
                if act.name == "facts" and form.has("choose"):
                    refuse_unknown_fact(work, case_id, form)
                else:
                    act.run(work, case_id, _sent(work, case_id, act, form))
        except InputError as error:
            again = _worksheet if act.to == "cases.worksheet" or act.name == "sign" else _case
            return again(here, case_id, typed=form, problem=error, refused=act.name)
        if act.name == "facts" and form.has(
            "choose"
        ):  # nothing is done yet: the form comes back with one more fact in it
            return _worksheet(here, case_id, typed=form, refused=act.name)
        to = "cases.one" if act.to == "cases.one" else "cases.worksheet"
        return here.redirect(to, say=act.say, case_id=case_id, fragment=form.get("back"))

    do.fn.__doc__ = f"{act.summary}."
    return do


def _sent(work: Work, case_id: str, act: CaseAct, form: Form) -> Any:
    """What is sent: with the files that came with the form, and facts by the fields of the case's record."""
    if act.name == "facts":
        return facts_said(work, case_id, form)
    sent = act.read(form)
    return views.with_files(sent, files_of(form)) if act.name == "receive-information" else sent


@get(
    "/cases/{case_id:str}/letters/{letter_id:str}",
    name="cases.letter",
    include_in_schema=False,
    sync_to_thread=True,
)
def letter(
    here: NamedDependency[Here], case_id: FromPath[str], letter_id: FromPath[str]
) -> Response[str]:
    """A letter as it was made."""
    with here.work() as work:
        view = views.letter_view(work, case_id, letter_id)
        case = views.case_view(work, case_id)
    return here.page(
        "cases/letter.html", view, case=case, letter=letter_html_fragment(view.content)
    )


@get(
    "/cases/{case_id:str}/letters/{letter_id:str}/pdf",
    name="cases.letter.pdf",
    include_in_schema=False,
    sync_to_thread=True,
)
def letter_pdf(
    here: NamedDependency[Here], case_id: FromPath[str], letter_id: FromPath[str]
) -> Response[bytes]:
    """A letter as a PDF: the same bytes whenever it is asked for."""
    with here.work() as work:
        kept = views.letter_of(work, case_id, letter_id)
    return here.file(kept.drawn("pdf"), "application/pdf", f"letter-{kept.number}.pdf")


ROUTES = (
    cases,
    search,
    submission,
    submit,
    one,
    worksheet,
    determination,
    letter,
    letter_pdf,
    *(_act_route(act) for act in CASE_ACTS),
)
