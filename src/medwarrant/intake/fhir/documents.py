"""Texts in FHIR for the reader of notes: attachments, reports, and remarks on resources.

Nothing is fetched: an attachment that is only an address is listed as not read.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

from ...model.errors import InputError
from .bundle import Resource
from .element import Element
from .record import Record

_READABLE: Final = frozenset({"text/plain", "text/markdown", "text/html"})
_CHARSETS: Final = frozenset({"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "windows-1252"})
_REMARKED: Final = (
    "Condition", "Procedure", "Observation", "MedicationRequest", "MedicationStatement", "ServiceRequest",
    "AllergyIntolerance",
)  # fmt: skip


def read_documents(record: Record) -> None:
    """Collect every text that can be read; list the others."""
    for document in record.bundle.of("DocumentReference"):
        if not record.is_patients(document, "subject"):
            continue
        status = document.text("status")
        if (
            status in ("entered-in-error", "superseded")
            or document.text("docStatus") == "entered-in-error"
        ):
            record.assume("not_read", f"{document.name} has the status {status} and was not read.")
            continue
        for content in document.children("content"):
            _attachment(content.child("attachment"), document, record)
    for report in record.bundle.of("DiagnosticReport"):
        if not record.is_patients(report, "subject"):
            continue
        record.document(report.name, report.raw_text("conclusion"))
        for form in report.children("presentedForm"):
            _attachment(form, report, record)
    for claim in record.bundle.of("Claim"):
        for info in claim.children("supportingInfo"):
            record.document(claim.name, info.raw_text("valueString"))
            _attachment(info.child("valueAttachment"), claim, record)
    for resource in record.bundle.of(*_REMARKED):
        if record.is_patients(resource, "subject", "patient"):
            for note in resource.children("note"):
                record.document(resource.name, note.raw_text("text"))


def _attachment(attachment: Element | None, resource: Resource, record: Record) -> None:
    if attachment is None:
        return
    kind, place, data = attachment.text("contentType"), attachment, attachment.raw_text("data")
    if not data and (url := attachment.raw_text("url")):
        binary = record.bundle.find(url, resource)
        if binary is None or binary.type != "Binary":
            record.assume("not_read", f"{resource.name} is only an address; nothing was fetched.")
            return
        kind, place, data = binary.text("contentType") or kind, binary, binary.raw_text("data")
    media, _, parameters = kind.lower().partition(";")
    media = media.strip()
    if media not in _READABLE:
        record.assume(
            "not_read",
            f"{resource.name} ({media or 'of unknown type'}) was not read: it is not plain text.",
        )
        return
    if not data:
        record.assume("not_read", f"{resource.name} holds no text.")
        return
    text = _decoded(data, parameters, place.at("data"))
    if text is None:
        record.assume(
            "not_read", f"{resource.name} ({media}) was not read: its characters cannot be told."
        )
        return
    record.document(resource.name, text, media)


def _decoded(data: str, parameters: str, where: str) -> str | None:
    """The text of base64 data, or None where it is no text; raises `InputError` for what is no base64."""
    try:
        content = base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        raise InputError("is not base64 data", where=where, mend="encode the attachment") from None
    named = re.search(r"charset=\"?([\w-]+)", parameters)
    charset = named[1] if named is not None and named[1] in _CHARSETS else "utf-8"
    try:
        text = content.decode(charset)
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text.removeprefix("\ufeff")
