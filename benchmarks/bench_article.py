"""How long the 20 pairs of the source article take, in a process that is running already.

    python benchmarks/bench_article.py [--quick]

From the engine alone to everything: request read, judged, put into the JSON contract with both digests,
and written as text. Packs and code set are loaded before; every run does the whole work again.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
from measuring import QUESTION, Table, options, times

from medwarrant import Answer, Medwarrant

AS_OF = date(2026, 11, 23)


def main() -> None:
    chosen = options(__doc__.splitlines()[0])
    runs = 3 if chosen.quick else 200
    medwarrant = Medwarrant()
    asked = medwarrant.ask(QUESTION, as_of=AS_OF)
    request = asked.reading.request
    codes = {
        "services": [line.code for line in request.services],
        "diagnoses": [diagnosis.code for diagnosis in request.diagnoses],
    }
    plain = medwarrant.determine(codes, as_of=AS_OF)
    pairs = len(plain.determination.items)
    assert pairs == 20, f"the question was read as {pairs} pairs"
    stated, code_set = plain.reading.request, medwarrant.code_set(plain.reading.request)
    contract = plain.to_dict()

    def to_dict() -> dict[str, Any]:
        return Answer(None, plain.reading, plain.determination, medwarrant.library).to_dict()

    def everything() -> bytes:
        return msgspec.json.encode(medwarrant.determine(codes, as_of=AS_OF).to_dict())

    def from_question() -> bytes:
        return msgspec.json.encode(medwarrant.ask(QUESTION, as_of=AS_OF).to_dict())

    # The same codes in, the same case out, whichever way they came.
    assert medwarrant.determine(codes, as_of=AS_OF).digest == plain.digest
    table = Table(f"The article's question: {pairs} pairs", "ms", 1000)
    table.add(
        "determine: the engine", times(lambda: medwarrant.engine.determine(stated, code_set), runs)
    )
    table.add("the answer as data, with both digests", times(to_dict, runs))
    table.add("the data as JSON text", times(lambda: msgspec.json.encode(contract), runs))
    table.add("all: codes in, JSON text out", times(everything, runs), 5)
    table.add("all: question in, JSON text out", times(from_question, runs))
    table.show()
    print(f"The JSON text has {len(msgspec.json.encode(contract)):,} bytes.")


if __name__ == "__main__":
    main()
