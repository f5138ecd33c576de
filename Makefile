# make demo    ask a first question, in the terminal and as a page
# make serve   open the web application on this machine, with demonstration data
# make test    install what the tests need and run them
# make help    the rest

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check
# The locks name every version with its digests and no address: pip's own configuration says where from.
LOCKED := --quiet --require-hashes --only-binary :all:

QUESTION := Are nerve blocks (64400, 64405, 64450, 20553) medically necessary for pain management in a \
patient with cervicalgia, other specified dorsopathies, trigeminal neuralgia, fibromyalgia, and \
intractable migraine?

SOURCES := src tests conftest.py $(wildcard benchmarks)

.DEFAULT_GOAL := help
.PHONY: help demo serve test test-slow test-browser test-contract lint format docs-test bench lock clean

help:
	@echo 'make demo    ask a first question, in the terminal and as a page (demo/answer.html)'
	@echo 'make serve   open the web application on this machine, with demonstration data in demo/desk'
	@echo '             (ARGS="--port 8001" for its options)'
	@echo 'make test    install what the tests need and run them'
	@echo 'make test-slow      what takes long: servers killed and started, long random walks'
	@echo 'make test-browser   the pages in a real Chromium, which must be installed'
	@echo 'make test-contract  the API against its description, with Schemathesis'
	@echo 'make lint    formatting, style, types and architecture'
	@echo 'make format  put the code into its one form'
	@echo 'make bench   run the benchmarks'
	@echo 'make lock    choose versions anew and write requirements/*.txt'
	@echo 'make clean   remove everything that these targets made'

demo: $(VENV)/.demo
	@mkdir -p demo
	@COLUMNS=80 $(BIN)/medwarrant ask "$(QUESTION)"
	@$(BIN)/medwarrant ask "$(QUESTION)" --format html --output demo/answer.html
	@echo
	@echo 'The same answer as a page, in one file: demo/answer.html'
	@echo
	@echo 'Next, try:'
	@echo '  $(BIN)/medwarrant ask "Is 64405 medically necessary for migraine?" --fact intent=acute --fact setting=emergency'
	@echo '  $(BIN)/medwarrant ask "Is 20553 medically necessary for myofascial pain?" --payer aetna --for practice'
	@echo '  $(BIN)/medwarrant packs'

# The desk of the demonstration is its own: what the environment says of another database is not for it.
OWN_DESK := env -u MEDWARRANT_DATABASE -u MEDWARRANT_AUDIT_KEY_FILE $(BIN)/medwarrant
serve: $(VENV)/.serve demo/desk
	@$(OWN_DESK) serve --data demo/desk $(ARGS)

# Filled beside its place and moved there once it is whole; what people did in it since stays.
demo/desk: | $(VENV)/.serve
	@mkdir -p demo
	@rm -rf demo/.filling
	@echo 'Filling demo/desk with invented cases, once; about half a minute ...'
	@$(OWN_DESK) demo-data --data demo/.filling >/dev/null
	@mv demo/.filling $@
	@echo 'Everything in it is invented. One person of this machine may work as anybody of the team.'

test: $(VENV)/.test
	$(BIN)/python -m pytest -q -n auto --maxprocesses 4 -m "not browser and not contract and not slow"

test-slow: $(VENV)/.test
	$(BIN)/python -m pytest -q -n 2 -m slow tests

test-browser: $(VENV)/.test
	$(BIN)/python -m pytest -q -n 2 -m browser tests/browser

test-contract: $(VENV)/.test
	$(BIN)/python -m pytest -q -m contract tests/contract

lint: $(VENV)/.test
	$(BIN)/ruff format --check --output-format concise $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.test
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)

bench: $(VENV)/.test
	@for program in $$(find benchmarks -name 'bench_*.py' | sort); do \
	  echo "== $$program"; $(BIN)/python "$$program" || exit 1; done

# A virtual environment of our own; one that was moved or half made is made again.
$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo 'medwarrant needs Python 3.11 or newer; name one: make PYTHON=python3.12 ...' >&2; exit 2; }
	@echo 'Making $(VENV) ...'
	@$(PYTHON) -m venv --clear $(VENV) \
	  || { echo 'the venv module is missing; install it (on Debian: apt-get install python3-venv)' >&2; exit 2; }
	@touch $@

$(VENV)/.demo: $(VENV)/.made requirements/run.txt requirements/build.txt pyproject.toml
	@echo 'Installing the locked versions ...'
	@$(PIP) install $(LOCKED) -r requirements/build.txt -r requirements/run.txt
	@$(PIP) install --quiet --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/.serve: $(VENV)/.demo requirements/serve.txt
	@echo 'Installing what the web application needs ...'
	@$(PIP) install $(LOCKED) -r requirements/serve.txt
	@touch $@

$(VENV)/.test: $(VENV)/.demo requirements/dev.txt
	@echo 'Installing what the tests need ...'
	@$(PIP) install $(LOCKED) -r requirements/dev.txt
	@touch $@

# Versions are chosen with uv (https://docs.astral.sh/uv/), which nothing else here needs.
COMPILE := build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-emit-find-links --no-header --no-annotate
lock:
	@$(PYTHON) -m venv build/lock && build/lock/bin/python -m pip install --quiet uv
	$(COMPILE) --upgrade --all-extras pyproject.toml -o requirements/dev.txt
	$(COMPILE) --extra pdf -c requirements/dev.txt pyproject.toml -o requirements/run.txt
	$(COMPILE) --extra web --extra pdf --extra postgresql -c requirements/dev.txt pyproject.toml -o requirements/serve.txt
	$(COMPILE) -c requirements/dev.txt pyproject.toml -o requirements/core.txt
	printf 'hatchling\neditables\n' | $(COMPILE) -c requirements/dev.txt - -o requirements/build.txt

clean:
	rm -rf $(VENV) build dist demo .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
