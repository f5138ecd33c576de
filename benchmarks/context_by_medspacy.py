"""Negation by medspaCy's ConText on the spans it is given: run by reading_notes.py in another environment.

Standard input: a list of {text, targets: [{start, end, denied}]}. medspaCy logs tokens at DEBUG; the log is
silenced, because notes are health data.
"""

import json
import logging
import sys
import time

logging.disable(logging.CRITICAL)
try:
    from loguru import logger

    logger.remove()
except ImportError:
    pass

import medspacy  # noqa: E402
from spacy.util import filter_spans  # noqa: E402


def main() -> None:
    notes = json.load(sys.stdin)
    nlp = medspacy.load(medspacy_enable=["medspacy_pyrush", "medspacy_context"])
    context = nlp.get_pipe("medspacy_context")
    right = denied = denied_right = 0
    total = 0
    seconds, characters = 0.0, 0
    nlp(notes[0]["text"])
    for note in notes:
        begun = time.perf_counter()
        with nlp.select_pipes(disable=["medspacy_context"]):
            doc = nlp(note["text"])
        spans = [
            (
                doc.char_span(t["start"], t["end"], label="FINDING", alignment_mode="expand"),
                t["denied"],
            )
            for t in note["targets"]
        ]
        doc.ents = filter_spans([span for span, _ in spans])
        context(doc)
        seconds += time.perf_counter() - begun
        characters += len(note["text"])
        judged = {(entity.start, entity.end): entity._.is_negated for entity in doc.ents}
        for span, truth in spans:
            said = judged.get((span.start, span.end))
            if said is None:
                continue
            total += 1
            right += said == truth
            denied += truth
            denied_right += bool(truth and said)
    print(
        f"medspaCy: {right} of {total} right ({right / total:.3f}); of {denied} denied {denied_right}; "
        f"{1000 * seconds / characters * 5000:.0f} ms for 5,000 characters"
    )


if __name__ == "__main__":
    main()
