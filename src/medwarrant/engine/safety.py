"""Safety of an item: contraindications, what to confirm before the procedure, and cautions."""

from __future__ import annotations

from ..model.determination import Finding
from ..model.status import Status
from ..policy.policy import CitedText, Contraindication, Policy
from .view import View


def safety_findings(policies: tuple[Policy, ...], view: View) -> tuple[Finding, ...]:
    """Contraindications and cautions of the policies shown for an item, once each.

    Present absolute ones have severity `refer`; unknown ones are listed to confirm; cautions whose
    condition is known not to hold are left out.
    """
    found: dict[str, Finding] = {}
    for policy in policies:
        entries: tuple[Contraindication | CitedText, ...] = policy.contraindications
        for item in (*entries, *policy.cautions):
            finding = _finding(item, view)
            if finding is not None:
                found.setdefault(item.id, finding)
    return tuple(finding for finding in found.values() if finding.severity != "none")


def _finding(item: Contraindication | CitedText, view: View) -> Finding | None:
    """The finding of one entry, worked out once for a service line where no diagnosis matters."""
    if item.when is not None and view.compiled.reads_item(item.when):
        return _made(item, view)
    key = view.compiled.key(item)
    findings = view.settled.findings
    if key not in findings:
        findings[key] = _made(item, view)
    return findings[key]


def _made(item: Contraindication | CitedText, view: View) -> Finding | None:
    return (
        _contraindication(item, view)
        if isinstance(item, Contraindication)
        else _caution(item, view)
    )


def _contraindication(item: Contraindication, view: View) -> Finding:
    status = view.compiled.lenient(item.when)(view)
    conflicting = any(name in view.conflicts for name in view.compiled.facts(item.when))
    source = view.library.source_for(item.rests_on)
    if status is Status.MET:
        severity = "refer" if item.severity == "absolute" and item.verified else "caution"
        kind = "contraindication" if item.severity == "absolute" else "caution"
        return Finding(
            id=item.id, kind=kind, severity=severity, message=item.message, source=source
        )
    if status is Status.MISSING and item.severity == "absolute":
        kind = "conflicting" if conflicting else "confirm"
        severity = "confirm"
        lead = (
            "The record says both; settle before the procedure: "
            if conflicting
            else "Confirm before the procedure: "
        )
        return Finding(
            id=item.id, kind=kind, severity=severity, message=lead + item.message, source=source
        )
    if status is Status.MISSING:
        return Finding(
            id=item.id, kind="caution", severity="info", message=item.message, source=source
        )
    return Finding(
        id=item.id, kind="contraindication", severity="none", message=item.message, source=source
    )


def _caution(item: CitedText, view: View) -> Finding | None:
    severity = "info"
    if item.when is not None:
        status = view.compiled.lenient(item.when)(view)
        if status is Status.NOT_MET:
            return None
        severity = "caution" if status is Status.MET else "info"
    return Finding(
        id=item.id,
        kind="caution",
        severity=severity,
        message=item.message,
        source=view.library.source_for(item.rests_on),
    )
