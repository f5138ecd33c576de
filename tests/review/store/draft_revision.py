"""Draft a revision of the schema, or keep a released one for the tests; for those who change tables.

    python tests/review/store/draft_revision.py             write r0001 anew, while nothing is released
    python tests/review/store/draft_revision.py NAME        draft the next revision after the newest
    python tests/review/store/draft_revision.py --released  keep the newest schema with rows, as released

See `medwarrant.review.store.migrations`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

sys.path.insert(0, str(Path(__file__).parents[1]))

from released_schemas import keep, released

from medwarrant.review.store import migrations
from medwarrant.review.store.database import connect, sqlite_url
from medwarrant.review.store.migrate import migrate, revisions
from medwarrant.review.store.schema import Moment, Words, metadata

FOLDER = Path(migrations.__file__).parent
FIRST = "r0001_review_desk.py"

HEAD = '''"""{title}"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = {revision!r}
down_revision = {before!r}


def upgrade() -> None:
    """{title}"""
'''

LOG = """
    # The head that the first audit entry follows.
    op.execute(
        "INSERT INTO audit_head (id, seq, digest, key_digest) "
        "VALUES (1, 0, 'hmac-sha256:0000000000000000000000000000000000000000000000000000000000000000', '')"
    )
"""


def plain_type(kind: str, item: object, _: object) -> str | bool:
    """A revision names the types of the database: ours may change after it."""
    if kind == "type" and isinstance(item, Words):
        return "sa.Text()" if item.length is None else f"sa.String({item.length})"
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    return False


def difference(url: str) -> str:
    """The commands from the schema of a database to that of `schema.py`."""
    options = {
        "render_item": plain_type,
        "compare_type": True,
        "render_as_batch": url != "sqlite://",
    }
    with create_engine(url).connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        script = produce_migrations(context, metadata)
    assert script.upgrade_ops is not None
    code = render_python_code(
        script.upgrade_ops,
        render_as_batch=options["render_as_batch"],
        render_item=plain_type,
        migration_context=context,
    )
    lines = [line for line in code.splitlines() if not line.lstrip().startswith("# ###")]
    return "    " + "\n".join(lines).strip() + "\n"


def main(arguments: list[str]) -> None:
    """See the head of this file."""
    if arguments == ["--released"]:
        print(keep())
        return
    if not arguments:
        if released():
            sys.exit("a schema has been released: name the next revision")
        path = FOLDER / FIRST
        title = "The tables of the review desk."
        text = (
            HEAD.format(title=title, revision="r0001", before=None) + difference("sqlite://") + LOG
        )
    else:
        before = revisions()[-1]
        revision = f"r{int(before[1:]) + 1:04}"
        path = FOLDER / f"{revision}_{arguments[0]}.py"
        title = f"{arguments[0].replace('_', ' ').capitalize()}."
        with tempfile.TemporaryDirectory() as folder:
            database = connect(sqlite_url(Path(folder) / "now.sqlite"))
            migrate(database)
            changes = difference(database.engine.url.render_as_string(hide_password=False))
            database.close()
        text = HEAD.format(title=title, revision=revision, before=before) + changes
    path.write_text(text, encoding="utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "check", "--fix", "--quiet", path], check=False)
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", path], check=True)
    print(path)


if __name__ == "__main__":
    main(sys.argv[1:])
