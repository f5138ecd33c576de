"""The tables of the review desk."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0001"
down_revision = None


def upgrade() -> None:
    """The tables of the review desk."""
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("act", sa.String(60), nullable=False),
        sa.Column("subject", sa.String(120), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(80), nullable=False),
        sa.Column("digest", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_act"), "audit", ["act"], unique=False)
    op.create_index(op.f("ix_audit_subject"), "audit", ["subject"], unique=False)
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(80), nullable=False),
        sa.Column("key_digest", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "case_counter",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_case_counter")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("login", sa.String(200), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("roles", sa.String(200), nullable=False),
        sa.Column("credentials", sa.String(400), nullable=False),
        sa.Column("password", sa.String(400), nullable=True),
        sa.Column("subject", sa.String(400), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("login", name=op.f("uq_person_login")),
        sa.UniqueConstraint("subject", name=op.f("uq_person_subject")),
    )
    op.create_table(
        "api_token",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("scopes", sa.String(400), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_api_token_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_token_digest")),
    )
    op.create_index(op.f("ix_api_token_person_id"), "api_token", ["person_id"], unique=False)
    op.create_table(
        "content_review",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("pack", sa.String(100), nullable=False),
        sa.Column("policy", sa.String(200), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("policy_digest", sa.String(80), nullable=False),
        sa.Column("pack_digest", sa.String(80), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_content_review_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_review")),
        sa.UniqueConstraint("policy", "number", name=op.f("uq_content_review_policy_number")),
    )
    op.create_index(
        op.f("ix_content_review_person_id"), "content_review", ["person_id"], unique=False
    )
    op.create_index(op.f("ix_content_review_policy"), "content_review", ["policy"], unique=False)
    op.create_index(
        op.f("ix_content_review_policy_digest"), "content_review", ["policy_digest"], unique=False
    )
    op.create_table(
        "draft",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_draft_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    op.create_index(op.f("ix_draft_created_at"), "draft", ["created_at"], unique=False)
    op.create_index(op.f("ix_draft_person_id"), "draft", ["person_id"], unique=False)
    op.create_table(
        "inquiry",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("question", sa.Text(), nullable=True),
        sa.Column("title", sa.String(400), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_inquiry_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry")),
    )
    op.create_index(op.f("ix_inquiry_changed_at"), "inquiry", ["changed_at"], unique=False)
    op.create_index(op.f("ix_inquiry_person_id"), "inquiry", ["person_id"], unique=False)
    op.create_table(
        "session",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_session_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
    )
    op.create_index(op.f("ix_session_expires_at"), "session", ["expires_at"], unique=False)
    op.create_index(op.f("ix_session_person_id"), "session", ["person_id"], unique=False)
    op.create_table(
        "setting",
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_setting_person_id")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_index(op.f("ix_setting_person_id"), "setting", ["person_id"], unique=False)
    op.create_table(
        "document",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("inquiry_id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["inquiry_id"], ["inquiry.id"], name=op.f("fk_document_inquiry_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_document_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("inquiry_id", "name", name=op.f("uq_document_inquiry_id_name")),
    )
    op.create_index(op.f("ix_document_inquiry_id"), "document", ["inquiry_id"], unique=False)
    op.create_index(op.f("ix_document_person_id"), "document", ["person_id"], unique=False)
    op.create_table(
        "draft_file",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("draft_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_file_draft_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_file")),
        sa.UniqueConstraint("draft_id", "name", name=op.f("uq_draft_file_draft_id_name")),
    )
    op.create_index(op.f("ix_draft_file_draft_id"), "draft_file", ["draft_id"], unique=False)
    op.create_table(
        "record",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("inquiry_id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(80), nullable=False),
        sa.Column("record_digest", sa.String(80), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("why", sa.String(40), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiry.id"], name=op.f("fk_record_inquiry_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_record_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record")),
        sa.UniqueConstraint("inquiry_id", "number", name=op.f("uq_record_inquiry_id_number")),
    )
    op.create_index(op.f("ix_record_case_id"), "record", ["case_id"], unique=False)
    op.create_index(op.f("ix_record_inquiry_id"), "record", ["inquiry_id"], unique=False)
    op.create_index(op.f("ix_record_person_id"), "record", ["person_id"], unique=False)
    op.create_index(op.f("ix_record_record_digest"), "record", ["record_digest"], unique=False)
    op.create_table(
        "follow_up",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("inquiry_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("record_id", sa.String(32), nullable=True),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["inquiry_id"], ["inquiry.id"], name=op.f("fk_follow_up_inquiry_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_follow_up_person_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_follow_up_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint("inquiry_id", "number", name=op.f("uq_follow_up_inquiry_id_number")),
    )
    op.create_index(op.f("ix_follow_up_inquiry_id"), "follow_up", ["inquiry_id"], unique=False)
    op.create_index(op.f("ix_follow_up_person_id"), "follow_up", ["person_id"], unique=False)
    op.create_index(op.f("ix_follow_up_record_id"), "follow_up", ["record_id"], unique=False)
    op.create_table(
        "review_case",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("inquiry_id", sa.String(32), nullable=False),
        sa.Column("record_id", sa.String(32), nullable=False),
        sa.Column("submitted_record_id", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(30), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("resumes", sa.String(30), nullable=True),
        sa.Column("stage", sa.String(20), nullable=False),
        sa.Column("stage_number", sa.Integer(), nullable=False),
        sa.Column("urgency", sa.String(20), nullable=False),
        sa.Column("line_of_business", sa.String(40), nullable=False),
        sa.Column("payer", sa.String(60), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("assigned_to", sa.String(32), nullable=True),
        sa.Column("submitted_by", sa.String(32), nullable=False),
        sa.Column("member_name", sa.String(200), nullable=False),
        sa.Column("member_reference", sa.String(100), nullable=False),
        sa.Column("requester_name", sa.String(200), nullable=False),
        sa.Column("requester_address", sa.Text(), nullable=False),
        sa.Column("summary", sa.String(400), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stage_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["assigned_to"], ["person.id"], name=op.f("fk_review_case_assigned_to")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["person.id"], name=op.f("fk_review_case_changed_by")
        ),
        sa.ForeignKeyConstraint(
            ["inquiry_id"], ["inquiry.id"], name=op.f("fk_review_case_inquiry_id")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name=op.f("fk_review_case_record_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by"], ["person.id"], name=op.f("fk_review_case_submitted_by")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_record_id"], ["record.id"], name=op.f("fk_review_case_submitted_record_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_case")),
        sa.UniqueConstraint("number", name=op.f("uq_review_case_number")),
    )
    op.create_index(
        op.f("ix_review_case_assigned_to"), "review_case", ["assigned_to"], unique=False
    )
    op.create_index(op.f("ix_review_case_inquiry_id"), "review_case", ["inquiry_id"], unique=False)
    op.create_index(
        op.f("ix_review_case_received_at"), "review_case", ["received_at"], unique=False
    )
    op.create_index(op.f("ix_review_case_record_id"), "review_case", ["record_id"], unique=False)
    op.create_index(op.f("ix_review_case_state"), "review_case", ["state"], unique=False)
    op.create_index("ix_review_case_state_due", "review_case", ["state", "due_at"], unique=False)
    op.create_index(
        op.f("ix_review_case_submitted_by"), "review_case", ["submitted_by"], unique=False
    )
    op.create_index(
        op.f("ix_review_case_submitted_record_id"),
        "review_case",
        ["submitted_record_id"],
        unique=False,
    )
    op.create_index("ix_review_case_worklist", "review_case", ["is_open", "due_at"], unique=False)
    op.create_table(
        "comment",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("act", sa.String(40), nullable=False),
        sa.Column("service", sa.String(20), nullable=False),
        sa.Column("diagnosis", sa.String(20), nullable=False),
        sa.Column("criterion", sa.String(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["review_case.id"], name=op.f("fk_comment_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_comment_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    op.create_index(op.f("ix_comment_case_id"), "comment", ["case_id"], unique=False)
    op.create_index(op.f("ix_comment_person_id"), "comment", ["person_id"], unique=False)
    op.create_table(
        "decision",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("record_digest", sa.String(80), nullable=False),
        sa.Column("record_id", sa.String(32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("signature", sa.String(80), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["review_case.id"], name=op.f("fk_decision_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_decision_person_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_decision_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_decision_case_id_number")),
    )
    op.create_index(op.f("ix_decision_case_id"), "decision", ["case_id"], unique=False)
    op.create_index(op.f("ix_decision_person_id"), "decision", ["person_id"], unique=False)
    op.create_index(op.f("ix_decision_record_id"), "decision", ["record_id"], unique=False)
    op.create_table(
        "fact_review",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(20), nullable=False),
        sa.Column("fact_before", sa.Text(), nullable=False),
        sa.Column("fact_after", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("record_id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["review_case.id"], name=op.f("fk_fact_review_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_fact_review_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name=op.f("fk_fact_review_record_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_review")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_fact_review_case_id_number")),
    )
    op.create_index(op.f("ix_fact_review_case_id"), "fact_review", ["case_id"], unique=False)
    op.create_index(op.f("ix_fact_review_person_id"), "fact_review", ["person_id"], unique=False)
    op.create_index(op.f("ix_fact_review_record_id"), "fact_review", ["record_id"], unique=False)
    op.create_table(
        "peer_to_peer",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("stage_number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["review_case.id"], name=op.f("fk_peer_to_peer_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_peer_to_peer_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_to_peer")),
    )
    op.create_index(op.f("ix_peer_to_peer_case_id"), "peer_to_peer", ["case_id"], unique=False)
    op.create_index(op.f("ix_peer_to_peer_person_id"), "peer_to_peer", ["person_id"], unique=False)
    op.create_table(
        "second_review",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("sample", sa.String(60), nullable=False),
        sa.Column("record_id", sa.String(32), nullable=False),
        sa.Column("answers", sa.Text(), nullable=True),
        sa.Column("person_id", sa.String(32), nullable=True),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["review_case.id"], name=op.f("fk_second_review_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_second_review_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name=op.f("fk_second_review_record_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_review")),
        sa.UniqueConstraint("case_id", "sample", name=op.f("uq_second_review_case_id_sample")),
    )
    op.create_index(op.f("ix_second_review_case_id"), "second_review", ["case_id"], unique=False)
    op.create_index(
        op.f("ix_second_review_person_id"), "second_review", ["person_id"], unique=False
    )
    op.create_index(
        op.f("ix_second_review_record_id"), "second_review", ["record_id"], unique=False
    )
    op.create_table(
        "section_opened",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("record_digest", sa.String(80), nullable=False),
        sa.Column("section", sa.String(60), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["review_case.id"], name=op.f("fk_section_opened_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_section_opened_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_section_opened")),
        sa.UniqueConstraint(
            "case_id",
            "person_id",
            "record_digest",
            "section",
            name=op.f("uq_section_opened_case_id_person_id_record_digest_section"),
        ),
    )
    op.create_index(op.f("ix_section_opened_case_id"), "section_opened", ["case_id"], unique=False)
    op.create_index(
        op.f("ix_section_opened_person_id"), "section_opened", ["person_id"], unique=False
    )
    op.create_table(
        "took_part",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("stage_number", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["review_case.id"], name=op.f("fk_took_part_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_took_part_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_took_part")),
        sa.UniqueConstraint(
            "case_id",
            "person_id",
            "stage_number",
            name=op.f("uq_took_part_case_id_person_id_stage_number"),
        ),
    )
    op.create_index(op.f("ix_took_part_case_id"), "took_part", ["case_id"], unique=False)
    op.create_index(op.f("ix_took_part_person_id"), "took_part", ["person_id"], unique=False)
    op.create_table(
        "case_stage",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(20), nullable=False),
        sa.Column("ground", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("appellant", sa.String(200), nullable=False),
        sa.Column("decision_id", sa.String(32), nullable=False),
        sa.Column("result", sa.String(30), nullable=True),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["review_case.id"], name=op.f("fk_case_stage_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_case_stage_decision_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_case_stage_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_stage")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_case_stage_case_id_number")),
    )
    op.create_index(op.f("ix_case_stage_case_id"), "case_stage", ["case_id"], unique=False)
    op.create_index(op.f("ix_case_stage_decision_id"), "case_stage", ["decision_id"], unique=False)
    op.create_index(op.f("ix_case_stage_person_id"), "case_stage", ["person_id"], unique=False)
    op.create_table(
        "first_determination",
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("decision_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("urgency", sa.String(20), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("extended", sa.Boolean(), nullable=False),
        sa.Column("proposed", sa.String(40), nullable=True),
        sa.Column("services", sa.Text(), nullable=False),
        sa.Column("criteria", sa.Text(), nullable=False),
        sa.Column("overridden", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["review_case.id"], name=op.f("fk_first_determination_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_first_determination_decision_id")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_first_determination")),
    )
    op.create_index(
        op.f("ix_first_determination_decided_at"),
        "first_determination",
        ["decided_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_first_determination_decision_id"),
        "first_determination",
        ["decision_id"],
        unique=False,
    )
    op.create_table(
        "letter",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("record_digest", sa.String(80), nullable=False),
        sa.Column("decision_id", sa.String(32), nullable=True),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_to", sa.String(400), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["review_case.id"], name=op.f("fk_letter_case_id")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_letter_decision_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_letter_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_letter_case_id_number")),
    )
    op.create_index(op.f("ix_letter_case_id"), "letter", ["case_id"], unique=False)
    op.create_index(op.f("ix_letter_decision_id"), "letter", ["decision_id"], unique=False)
    op.create_index(op.f("ix_letter_person_id"), "letter", ["person_id"], unique=False)
    op.create_table(
        "information_request",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("letter_id", sa.String(32), nullable=False),
        sa.Column("stage_number", sa.Integer(), nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["review_case.id"], name=op.f("fk_information_request_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letter.id"], name=op.f("fk_information_request_letter_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_information_request_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_information_request")),
    )
    op.create_index(
        op.f("ix_information_request_case_id"), "information_request", ["case_id"], unique=False
    )
    op.create_index(
        op.f("ix_information_request_letter_id"), "information_request", ["letter_id"], unique=False
    )
    op.create_index(
        op.f("ix_information_request_person_id"), "information_request", ["person_id"], unique=False
    )

    # The head that the first audit entry follows.
    op.execute(
        "INSERT INTO audit_head (id, seq, digest, key_digest) "
        "VALUES (1, 0, 'hmac-sha256:0000000000000000000000000000000000000000000000000000000000000000', '')"
    )
