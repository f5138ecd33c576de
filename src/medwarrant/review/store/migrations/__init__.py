"""Revisions of the schema, each from the one before it; `migrate` runs those that a database lacks.

So long as no release holds the newest revision, it is edited in place; a released one is never touched
again, and a change is a new file `r0002_what_it_does.py` after it. Either way:

1. change `schema.py`;
2. `python tests/review/store/draft_revision.py` writes the first revision anew while there is no release,
   and afterwards drafts the next one from the difference (`... draft_revision.py NAME`): read the draft,
   and add what becomes of the rows that are there;
3. run the tests of `tests/review/store`: they compare the migrated schema with `schema.py` on both databases,
   and migrate a copy of every released schema, with rows in it;
4. with a release, `python tests/review/store/draft_revision.py --released` keeps such a copy.

A revision may alter rows that are otherwise append-only: `migrate` takes the guards away, and puts them
back in the same transaction.
"""
