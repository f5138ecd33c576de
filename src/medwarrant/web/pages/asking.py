"""Asking: one box, then what was read of it beside it, then the answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from ...model.errors import InputError
from ...review import drafts
from ...review.asking import Shown
from ...review.inquiries import FileSent
from ..forms import Form, Upload
from ..here import Here
from ..views import asking as views
from ..views.reading import ReadingView

_COVERAGE = ("payer", "line_of_business", "state")


@get("/ask", name="ask", include_in_schema=False, sync_to_thread=False)
def ask(here: NamedDependency[Here]) -> Response[str]:
    """The empty box."""
    return here.page("asking/ask.html")


@post("/ask", name="ask.new", include_in_schema=False, sync_to_thread=True)
def new(here: NamedDependency[Here], form: NamedDependency[Form]) -> Response[Any]:
    """Read what was typed and dropped."""
    try:
        with here.work() as work:
            made = views.new_draft(work, form.get("question"), files_of(form))
    except InputError as error:
        return here.page("asking/ask.html", typed=form, problem=error)
    return here.redirect("ask.draft", draft_id=made.id)


@get("/ask/{draft_id:str}", name="ask.draft", include_in_schema=False, sync_to_thread=True)
def draft(here: NamedDependency[Here], draft_id: FromPath[str]) -> Response[str]:
    """What was read, to be corrected."""
    with here.look() as work:
        view = views.draft_view(work, draft_id)
    return here.page("asking/draft.html", view)


@post("/ask/{draft_id:str}", name="ask.judge", include_in_schema=False, sync_to_thread=True)
def judge(
    here: NamedDependency[Here], draft_id: FromPath[str], form: NamedDependency[Form]
) -> Response[Any]:
    """Judge the draft with the corrections, or read it again."""
    with here.look() as work:
        before = views.draft_view(work, draft_id)
    # What was ticked belongs to the reading that was shown: with another question or file there is another one.
    changed = form.get("question") != before.question.strip() or "files" in form.files
    shown = _shown(None if changed else before.reading, form)
    with here.work() as work:
        drafts.add_files(work, draft_id, files_of(form))
        drafts.change_draft(work, draft_id, question=form.get("question"), shown=shown)
        if form.get("drop"):
            drafts.drop_file(work, draft_id, form.get("drop"))
        kept = drafts.load_draft(work, draft_id)
    if form.get("act") != "judge" or form.get("drop"):
        return here.redirect("ask.draft", draft_id=draft_id)
    if changed:
        return here.redirect(
            "ask.draft",
            draft_id=draft_id,
            say="The question was read again. Look at what was understood, then have it judged.",
            tone="caution",
        )
    try:
        answer = views.judged(here.desk.medwarrant, kept, shown)
    except InputError as error:
        with here.look() as work:
            view = views.draft_view(work, draft_id)
        return here.page("asking/draft.html", view, typed=form, problem=error)
    here.house.metrics.determined(answer.determination.outcome)
    with here.work() as work:
        made = views.keep(work, answer, kept.files)
    return here.redirect("inquiries.one", inquiry_id=made.id)


def _shown(reading: ReadingView | None, form: Form) -> Shown:
    """What the form says of the reading that it showed: whatever is no longer ticked is not meant."""
    left: dict[str, Any] = {}
    if reading is not None:
        services, diagnoses = form.all("service"), form.all("diagnosis")
        facts = form.all("fact")
        left = {
            name: form.get(name)
            for name in _COVERAGE
            if form.has(name) and form.get(name) != (getattr(reading, name) or "")
        }
        left["without_services"] = tuple(
            one.place for one in reading.services if str(one.place) not in services
        )
        left["without_diagnoses"] = tuple(
            one.code for one in reading.diagnoses if one.code not in diagnoses
        )
        left["without_facts"] = tuple(one.id for one in reading.facts if one.id not in facts)
    return Shown(
        services=views.codes_in(form.get("more_services")),
        diagnoses=views.codes_in(form.get("more_diagnoses")),
        as_of=form.get("as_of"),
        **left,
    )


def files_of(form: Form, name: str = "files") -> Sequence[FileSent]:
    """The files of a form."""
    return [_sent(file) for file in form.files.get(name, ())]


def _sent(file: Upload) -> FileSent:
    return FileSent(name=file.name, media_type=file.media_type, body=file.body)


ROUTES = (ask, new, draft, judge)
