"""The twins of the pages of review cases."""

# Annotations are evaluated as they stand: the body of each act's route is another struct.

from typing import Annotated, Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody, QueryParameter

from ...policy.clock_rule import Urgency
from ...review.states import State
from ...review.worklist import Filters, Worklist
from ..here import Here
from ..views import cases as views
from ..views.case_acts import CASE_ACTS, CaseAct, done

_States = Annotated[
    list[State] | None,
    QueryParameter(name="state", description="Without one: the open cases."),
]
_Yes = Annotated[bool, QueryParameter()]
_Page = Annotated[int, QueryParameter(ge=1, le=100_000)]


@get("/cases", name="api.cases", tags=["cases"], summary="The worklist", sync_to_thread=True)
def cases(
    here: NamedDependency[Here],
    in_state: _States = None,
    urgency: Annotated[Urgency | None, QueryParameter()] = None,
    line_of_business: Annotated[str | None, QueryParameter(max_length=60)] = None,
    payer: Annotated[str | None, QueryParameter(max_length=60)] = None,
    outcome: Annotated[str | None, QueryParameter(max_length=60)] = None,
    mine: _Yes = False,
    unassigned: _Yes = False,
    overdue: _Yes = False,
    page: _Page = 1,
) -> Worklist:
    """The cases that fit, those due first first; requesters see their own."""
    filters = Filters(
        states=tuple(in_state or ()),
        urgency=urgency,
        line_of_business=line_of_business,
        payer=payer,
        outcome=outcome,
        mine=mine,
        unassigned=unassigned,
        overdue=overdue,
        page=page,
    )
    with here.look() as work:
        return views.case_worklist(work, filters)


@post(
    "/cases",
    name="api.cases.search",
    tags=["cases"],
    summary="Search the worklist",
    status_code=200,
    sync_to_thread=True,
)
def search(here: NamedDependency[Here], data: JSONBody[Filters]) -> Worklist:
    """The cases that fit, words in `search` among the filters; a body, because names stand in no address."""
    with here.look() as work:
        return views.case_worklist(work, data)


@get(
    "/inquiries/{inquiry_id:str}/submission",
    name="api.cases.submit",
    tags=["cases"],
    summary="What would be submitted",
    sync_to_thread=True,
)
def submission(here: NamedDependency[Here], inquiry_id: FromPath[str]) -> views.SubmitView:
    """One's own inquiry, as it would be submitted for review."""
    with here.look() as work:
        return views.submit_view(work, inquiry_id)


@post(
    "/inquiries/{inquiry_id:str}/submission",
    name="api.cases.submit.send",
    tags=["cases"],
    summary="Submit an inquiry for review",
    sync_to_thread=True,
)
def submit(
    here: NamedDependency[Here], inquiry_id: FromPath[str], data: JSONBody[views.Submission]
) -> views.CaseMade:
    """Submit one's own inquiry: it becomes a case with a number and a clock."""
    with here.work() as work:
        return views.submitted(work, inquiry_id, data)


@get(
    "/cases/{case_id:str}",
    name="api.cases.one",
    tags=["cases"],
    summary="A case",
    sync_to_thread=True,
)
def one(here: NamedDependency[Here], case_id: FromPath[str]) -> views.CaseView:
    """Where a case stands, its clock, what the person may do, letters, decisions, history."""
    with here.work() as work:
        return views.case_view(work, case_id)


@get(
    "/cases/{case_id:str}/worksheet",
    name="api.cases.worksheet",
    tags=["cases"],
    summary="The worksheet of a case",
    sync_to_thread=True,
)
def worksheet(here: NamedDependency[Here], case_id: FromPath[str]) -> dict[str, Any]:
    """Everything a reviewer works with, of exactly one record: criteria with facts, quotes in documents, grounds."""
    with here.work() as work:
        view = views.worksheet_view(work, case_id)
    return views.worksheet_data(view)


@get(
    "/cases/{case_id:str}/determination",
    name="api.cases.determination",
    tags=["cases"],
    summary="The record under review",
    sync_to_thread=True,
)
def determination(here: NamedDependency[Here], case_id: FromPath[str]) -> Response[dict[str, Any]]:
    """The latest record of the case, as `medwarrant/determination/1`."""
    with here.work() as work:
        kept = views.record_kept(work, case_id)
    return Response(kept.data())


@get(
    "/cases/{case_id:str}/letters/{letter_id:str}",
    name="api.cases.letter",
    tags=["cases"],
    summary="A letter",
    sync_to_thread=True,
)
def letter(
    here: NamedDependency[Here], case_id: FromPath[str], letter_id: FromPath[str]
) -> views.LetterView:
    """A letter as it was made, as data and as text."""
    with here.work() as work:
        return views.letter_view(work, case_id, letter_id)


def _act_route(act: CaseAct) -> HTTPRouteHandler:
    """The route of an act."""

    @post(
        f"/cases/{{case_id:str}}/{act.name}",
        name=f"api.cases.{act.name}",
        operation_id=f"case_{act.name.replace('-', '_')}",
        tags=["cases"],
        summary=act.summary,
        description=act.sent.__doc__,
        status_code=200,
        sync_to_thread=True,
    )
    def do(
        here: NamedDependency[Here],
        case_id: FromPath[str],
        data: JSONBody[act.sent],  # type: ignore[name-defined]
    ) -> views.CaseChanged:
        with here.work() as work:
            return views.changed(work, done(work, act, case_id, data))

    return do


ROUTES = (
    cases,
    search,
    submission,
    submit,
    one,
    worksheet,
    determination,
    letter,
    *(_act_route(act) for act in CASE_ACTS),
)
