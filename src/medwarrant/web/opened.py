"""Opening an inquiry: read without a lock, then logged in a transaction of its own, which is short."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..review.tracker import review_of
from .here import Here
from .views.inquiries import InquiryFiles, load, seen


def opened(
    here: Here, inquiry_id: str, number: int | None = None
) -> tuple[InquiryFiles, Mapping[str, Any]]:
    """An inquiry with its latest record, or that of a number, and how far its review has come.

    The look is in the audit log before anything is shown. Raises `NotFound` where the person may not see it
    or there is no such record.
    """
    with here.look() as work:
        files = load(work, inquiry_id, number)
        review = review_of(work, inquiry_id, here.house.answers.answer(files.record))
    with here.work() as work:
        seen(work, files)
    return files, review
