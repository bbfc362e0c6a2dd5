# Two commands for a new machine: `make demo` and `make test`. They set up what they need.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Compiled is what is imported, once, when it is first used: not everything at the installation, and
# not again at every start, as where PYTHONDONTWRITEBYTECODE is set.
export PYTHONDONTWRITEBYTECODE :=
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
INSTALL := $(PIP) install --no-compile
GOLDEN ?= tests/reference/values
# Two cores want three processes, since a test with a browser waits; the pure core waits for nothing.
WORKERS ?= 3
PYTEST := $(BIN)/pytest --no-loadscope-reorder
# Where every branch of the pure core is tried; the rest runs without counting, which costs half the time.
PURE := tests/analysis tests/instruments tests/reference tests/survey/disclosure
# In those folders, but about databases: it tries no branch that others leave out.
STORED := tests/analysis/test_releases.py
REST := $(filter-out $(PURE) tests/__pycache__,$(patsubst %/,%,$(wildcard tests/*/))) $(wildcard tests/test_*.py) $(STORED)

# Types are checked on one core: the pure core is tried beside it, and each says its piece in one go.
IN_TURN := $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

.PHONY: help demo run test check pure fix bench golden attack audit sbom soak pictures migration docs clean

help: ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

$(VENV)/app: requirements/app.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Baken needs Python 3.11 or newer. Name one: make PYTHON=python3.12 ...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "Python cannot make a virtual environment; on Debian: apt-get install python3-venv"; exit 1; }
	$(INSTALL) --require-hashes -r requirements/app.txt
	$(INSTALL) --no-deps --no-build-isolation --editable .
	$(BIN)/baken assets
	@touch $@

$(VENV)/dev: $(VENV)/app requirements/dev.txt
	$(INSTALL) --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/browser: $(VENV)/dev
	@tests/install-browser $$($(BIN)/python -m tests.browser)
	@touch $@

demo: $(VENV)/app ## set up, fill a demonstration organisation and serve it on 127.0.0.1:8000
	$(BIN)/baken demo

run: $(VENV)/app ## serve the installation that the BAKEN_... settings point at
	$(BIN)/baken serve

check: $(VENV)/dev ## style, types, the order of the rooms
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

test: $(VENV)/browser ## everything that has to hold
	@$(MAKE) --no-print-directory --jobs=2 $(IN_TURN) check pure
	$(PYTEST) -n $(WORKERS) --durations=40 $(REST) $(addprefix --ignore=,$(PURE))

pure: $(VENV)/dev ## the pure core, every branch of it
	$(PYTEST) -n 2 $(PURE) --ignore=$(STORED) $(addprefix --cov=baken.,instruments survey.disclosure analysis.methods) --cov-branch --cov-report=term-missing:skip-covered --cov-fail-under=100

fix: $(VENV)/dev ## put style right where that can be done by machine
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

golden: $(VENV)/dev ## compare with a folder of golden values: make golden GOLDEN=DIR
	$(BIN)/python -m tests.reference.golden_check $(GOLDEN)

bench: $(VENV)/dev ## measure speed, side by side
	$(BIN)/python tests/bench/run.py

soak: $(VENV)/browser ## long campaigns: kills during submissions, ten times as many random cases
	BAKEN_KILLS=100 HYPOTHESIS_PROFILE=soak $(BIN)/pytest -m "crash or attacker" -n 1

attack: $(VENV)/browser ## attackers, 2,000 malformed cases a route, timing, hostile files
	BAKEN_FUZZ=$${BAKEN_FUZZ:-2000} HYPOTHESIS_PROFILE=soak $(BIN)/pytest -m attacker -n 1 -s

audit: $(VENV)/dev ## known faults in what Baken is made of; asks the advisory service of PyPI
	$(BIN)/pip-audit --strict --disable-pip --require-hashes -r requirements/app.txt

sbom: $(VENV)/app ## the list of everything an installation is made of: build/sbom.json
	@mkdir -p build
	$(BIN)/python requirements/sbom.py > build/sbom.json
	@echo "build/sbom.json"

pictures: $(VENV)/browser ## make the pictures of the README anew
	$(BIN)/python -m docs.pictures

migration: $(VENV)/dev ## draft the next migration from the models: make migration NAME=what_changes
	$(BIN)/python baken/storage/migrations/draft.py "$(NAME)"
	$(BIN)/ruff format --quiet baken/storage/migrations/versions

docs: $(VENV)/dev ## write the pages of docs/reference that come from the application
	$(BIN)/python docs/roles_and_routes.py
	$(BIN)/python docs/state_diagrams.py

clean: ## remove what was set up and made here
	rm -rf $(VENV) build var baken.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
