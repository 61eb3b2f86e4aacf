# A fresh Debian machine needs python3 and make; every verb brings what else it needs and is quick the second time.
# Verbs: run test check bench campaign soak render docs bundle lock clean setup

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := check
.NOTPARALLEL:

PYTHON ?= python3
BIN := .venv/bin
STAMPS := .venv/stamps
TOOLS := tests/tools/catalogue.py tests/tools/debian.py tests/tools/wrappers.py
PYTEST := $(BIN)/pytest $(PYTEST_ARGS)

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore

.PHONY: run test check bench campaign soak render docs bundle lock clean setup help

help: ## say what each verb does
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/  make \1\t\2/p' Makefile | expand -t 18

run: setup $(STAMPS)/lab ## the lab: a small province on this machine, from real parts
	@$(BIN)/python -m tests.lab $(ARGS)

test: setup $(STAMPS)/lab $(STAMPS)/bench $(STAMPS)/browser $(STAMPS)/dns $(STAMPS)/nut ## every test
	@echo "make: all tests"
	@$(PYTEST) tests

check: setup $(STAMPS)/lab ## format, lint, types, arrows, quick tests: a minute and a half
	@echo "make: format, lint, types, arrows between rooms"
	@$(BIN)/ruff format --check --quiet . || { echo "make: run $(BIN)/ruff format"; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo > .venv/lint-imports.log 2>&1 || { cat .venv/lint-imports.log; exit 1; }
	@echo "make: unit and contract tests"
	@$(PYTEST) -q -n auto --dist worksteal --hypothesis-profile=quick tests/unit tests/contract

bench: setup $(STAMPS)/lab $(STAMPS)/bench ## the benchmarks behind docs/benchmarks.md
	@$(BIN)/python -m tests.bench $(ARGS)

campaign: setup $(STAMPS)/lab $(STAMPS)/bench ## faults of known cause in a simulated country: who is told of what (docs/campaign.md); over an hour
	@$(BIN)/python -m tests.campaign $(ARGS)

soak: setup $(STAMPS)/lab $(STAMPS)/bench ## 10,000 polls of UPS cards against a leak; 72 hours without a line, made good sample by sample
	@SNMP_POLLS=10000 $(PYTEST) -q -s tests/ports/test_snmp_leaks.py -k many_polls
	@OUTAGE_HOURS=72 $(PYTEST) -q -s tests/end_to_end/test_push_outage.py

render: setup ## write reference pages below docs/ again; below rendered/: configuration, rules, boards of the example
	@$(BIN)/python -m tests.render
	@$(BIN)/communewatch inventory render --out rendered
	@$(BIN)/communewatch alerts build --out rendered
	@$(BIN)/communewatch dashboards build --out rendered/boards

docs: render ## the same, then look for generated pages that were not committed
	@git diff --exit-code --stat -- docs || { echo "make: commit the pages above"; exit 1; }

bundle: setup ## dist/communewatch-office.tar.gz: all that an office installs, for a machine like this one
	@echo "make: wheels of requirements-office.lock, of pip and of this checkout"
	@rm -rf dist && mkdir -p dist/wheels
	@sed -n '/^pip==/,/^    # via/p' requirements-dev.lock > dist/pip.lock
	@for lock in requirements-office.lock dist/pip.lock; do $(BIN)/python -m pip download --quiet --no-deps \
	  --require-hashes --only-binary :all: --dest dist/wheels -r $$lock; done
	@$(BIN)/python -m build --wheel --no-isolation --outdir dist/wheels . > dist/build.log 2>&1 || { cat dist/build.log; exit 1; }
	@$(BIN)/communewatch rollout bundle --wheels dist/wheels --out dist/communewatch-office.tar.gz

setup: $(STAMPS)/venv ## .venv from the lock file, with hashes

clean: ## remove everything that make brought or made
	rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist rendered
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- lock files: office, province and development, each with the versions of the one before ---------------------------

COMPILE := $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --no-build-isolation --no-header \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --unsafe-package communewatch $(UPGRADE)

lock: setup ## solve the lock files again (newest versions: make lock UPGRADE=--upgrade)
	@echo "make: solving the lock files (a few minutes)"
	@$(COMPILE) --extra office --output-file requirements-office.lock pyproject.toml
	@$(COMPILE) --extra province -c requirements-office.lock --output-file requirements-province.lock pyproject.toml
	@$(COMPILE) --all-extras -c requirements-province.lock --output-file requirements-dev.lock pyproject.toml
	@# pip-compile warns that the project itself, named by its own extras, is not pinned; we install with --no-deps.
	@sed -i '/^# WARNING: The following packages/,$$d' requirements-*.lock

# --- what the verbs need ------------------------------------------------------------------------------------------------

$(STAMPS)/venv: requirements-dev.lock pyproject.toml
	@tests/tools/python-venv $(PYTHON)
	@echo "make: installing requirements-dev.lock into .venv"
	@$(BIN)/python -m pip install --quiet --no-deps --use-pep517 --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/%: $(TOOLS) | $(STAMPS)/venv
	@$(BIN)/python -m tests.tools fetch --group $*
	@touch $@
