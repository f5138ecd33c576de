"""Comments on a case, an item or a criterion, and what people gave as reasons with their acts."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import select

from ..model.errors import InputError
from . import written
from .cases import Case, case_answer, case_for, change, note, record_of
from .criteria_of import criteria_of_item, items_of
from .store.schema import comment
from .work import Work


class Comment(msgspec.Struct, frozen=True, kw_only=True):
    """A remark; `act` is `comment`, or the act that it gives the reason for."""

    id: str
    act: str
    service: str
    diagnosis: str
    criterion: str
    body: str
    person_id: str
    created_at: datetime


def add_comment(
    work: Work,
    case_id: str,
    body: str,
    *,
    expected: int,
    service: str = "",
    diagnosis: str = "",
    criterion: str = "",
) -> Case:
    """Comment on a case, on one item of it, or on one criterion of an item.

    It raises the version of the case: whoever is about to sign must see it first. Raises `InputError`
    where the record holds no such item or criterion.
    """
    case, standing = case_for(work, case_id, "comment", expected)
    said = written.passage(body, "comment")
    if service or diagnosis or criterion:
        answer = case_answer(work.desk, record_of(work, case))
        items = [item for item in items_of(answer) if item.service == service]
        items = [item for item in items if not diagnosis or item.diagnosis == diagnosis]
        if not items:
            raise InputError("the record holds no such item", where="service")
        known = {found.id for item in items for found in criteria_of_item(item)}
        if criterion and criterion not in known:
            raise InputError("the item has no such criterion", where="criterion")
    made = note(
        work, case, "comment", said, service=service, diagnosis=diagnosis, criterion=criterion
    )
    work.log("commented", case.subject, comment=made, criterion=criterion)
    return change(work, case, standing)


def comments_of(work: Work, case: Case) -> list[Comment]:
    """What people wrote on a case, the first first."""
    columns = [comment.c[name] for name in Comment.__struct_fields__]
    rows = work.connection.execute(
        select(*columns)
        .where(comment.c.case_id == case.id)
        .order_by(comment.c.created_at, comment.c.id)
    )
    return [Comment(**row._mapping) for row in rows]
