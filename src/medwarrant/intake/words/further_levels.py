"""Several levels of one service: the codes for the second and further levels, where words name them.

The code of a facet injection stands for one level; *at L4-5 and L5-S1* asks for the second level too, which
has a code of its own. The packs say which (`further_level`); codes that the text itself gives are kept as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..reading import Remark
from .marked import Marked
from .service_found import ServiceFound
from .service_owners import Details


def with_further_levels(
    marked: Marked, services: Sequence[ServiceFound], details: Details
) -> tuple[list[ServiceFound], list[Remark]]:
    """The services with those for further levels, and what was assumed; details are shared.

    The last code of a chain stands for all levels that remain, as its units.
    """
    library = marked.library
    written = {code.code for code in marked.codes}
    found: list[ServiceFound] = []
    remarks: list[Remark] = []
    for service in services:
        found.append(service)
        procedure = library.procedure(service.code)
        if procedure is None or service.in_code or procedure.further_level is None:
            continue
        levels = details.fields.get(service.code, {}).get("levels") or ()
        remaining = count_levels(levels, each_between=procedure.each_between) - 1
        added: list[str] = []
        following = library.procedures.get(procedure.further_level)
        while following is not None and following.codes and remaining > 0:
            code = following.codes[0]
            if code in written or any(other.code == code for other in (*services, *found)):
                break
            following = library.procedures.get(following.further_level or "")
            own = dict(details.fields.get(service.code, {}))
            if following is None and remaining > 1:
                own["units"] = remaining
            details.fields[code] = own
            known = library.procedure(code)
            found.append(replace(service, code=code, name=known.name if known else None))
            added.append(code)
            remaining -= 1
        if added:
            remarks.append(
                Remark(
                    kind="further_levels",
                    message=f"{len(levels)} levels are named ({', '.join(levels)}): {', '.join(added)} for further levels "
                    f"was added to {service.code}. Say so if fewer are meant.",
                )
            )
    return found, remarks


def count_levels(levels: Sequence[str], *, each_between: bool) -> int:
    """How many levels are named; single nerves or vertebrae are joined in pairs where the packs say so.

    >>> count_levels(["L4-L5", "L5-S1"], each_between=True), count_levels(["L3", "L4", "L5"], each_between=True)
    (2, 2)
    >>> count_levels(["L4", "L5"], each_between=False)
    2
    """
    segments = [level for level in levels if "-" in level]
    single = len(levels) - len(segments)
    if segments or not each_between:
        return len(segments) or single
    return max(single - 1, min(single, 1))
