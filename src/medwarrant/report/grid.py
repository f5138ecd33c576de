"""The grid: every service for every diagnosis, no pair dropped."""

from __future__ import annotations

from .article import (
    Cell,
    Grid,
    GridRow,
    Head,
    Section,
)
from .text import counted, upper_first
from .view import ArticleView, Named, Pair
from .words import (
    Audience,
    Depth,
    outcome_words,
    reason_words,
)


def grid_section(
    view: ArticleView, audience: Audience, targets: dict[str, str], depth: Depth = "full"
) -> Section:
    """Services by diagnoses, no pair dropped; the shorter side makes the columns."""
    plain = audience == "patient"
    services = [service for service in view.services if view.of_service(service)]
    diagnoses = list(view.diagnoses)
    by_pair = {(pair.service, pair.diagnosis): pair for pair in view.pairs}

    def cell(service: Named, diagnosis: Named) -> Cell:
        pair = by_pair.get((service, diagnosis))
        if pair is None:
            return Cell(outcome="", words="Not linked in the request")
        words = outcome_words(pair.item.outcome, payer_applied=pair.payer_applied)
        return Cell(
            outcome=pair.item.outcome,
            words=words,
            detail=_detail(pair, plain, depth),
            target=targets.get(pair.target, pair.diagnosis.target),
        )

    def head(named: Named) -> Head:
        name = upper_first(named.plain) if plain else upper_first(named.name)
        if depth == "brief" and named.short and not plain:
            name = upper_first(named.short)
        target = named.target if named in diagnoses else ""
        return Head(name, "" if plain or named.code == name else named.code, target)

    upright = len(services) <= len(diagnoses)
    across, down = (services, diagnoses) if upright else (diagnoses, services)
    rows = tuple(
        GridRow(
            head(one), tuple(cell(*((other, one) if upright else (one, other))) for other in across)
        )
        for one in down
    )
    names = ("Condition", "Treatment") if plain else ("Diagnosis", "Service")
    corner = f"{names[0]} ↓ {names[1]} →" if upright else f"{names[1]} ↓ {names[0]} →"
    return Section(
        id="grid",
        title="Every treatment for every condition"
        if plain
        else "Every service for every diagnosis",
        blocks=(
            Grid(
                "Each cell is one pair, judged on its own. Follow its words to the section that explains it.",
                corner,
                tuple(head(named) for named in across),
                rows,
            ),
        ),
    )


def _detail(pair: Pair, plain: bool, depth: Depth) -> str:
    """Why, in a few words; a brief grid leaves the reasons to the bottom line and the items."""
    item = pair.item
    parts = []
    if item.provisional:
        parts.append("provisional")
    if depth == "brief":
        return "; ".join(parts)
    if item.outcome == "needs_information" and item.would_change:
        fewest = min(len({step.id for step in change.criteria}) for change in item.would_change)
        parts.append(f"{counted(fewest, 'fact')} missing")
    parts += [reason_words(reason, plain=plain) for reason in item.reasons]
    return "; ".join(parts)
