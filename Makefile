# `make` lists what you can do here. Everything needed is installed into .venv/ from requirements.lock.

SHELL := /bin/bash
.DEFAULT_GOAL := help
export DATA ?= .doudi
export PYTHONDONTWRITEBYTECODE := 1
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
export ENGINES ?= .venv/engines
RESOLVE := uv pip compile --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --quiet

##@ See it work

.PHONY: setup
setup: $(READY) ## install everything into .venv/ from the hashed lock

$(READY): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; '$(PYTHON) --version' says $$($(PYTHON) --version 2>&1). Set PYTHON=python3.11, for example."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing: on Debian and Ubuntu, 'apt-get install python3-venv' brings it."; exit 1; }
	@echo "Installing into .venv/ (the first time takes a minute or two)"
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements.lock --progress-bar on || { echo "Installing did not finish. Is a package index reachable from here (PIP_INDEX_URL, HTTPS_PROXY)? Then run it again: what was fetched is kept."; exit 1; }
	@touch $@

.PHONY: run
run: setup ## a county's month, then keep serving (DATA= PEOPLE= ROSTER= OUT= ONCE=1 PORT=)
	@exec $(BIN)/python -m demonstration run

.PHONY: days
days: setup ## let days pass in the demonstration that serves (DAYS=7, default 1; DATA=)
	@$(BIN)/python -m demonstration days

.PHONY: reset
reset: ## clear DATA
	@$(PYTHON) demonstration/reset.py

##@ Check it

.PHONY: check
check: setup format lint types contracts drift locks test ## everything CI runs, in its order

.PHONY: format
format: setup ## refuse what is not formatted (make tidy formats)
	@$(BIN)/ruff format --check .

.PHONY: tidy
tidy: setup ## format, and mend what can be mended by itself
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

.PHONY: lint
lint: setup ## ruff, with a reason on each ignore
	@$(BIN)/ruff check .

.PHONY: types
types: setup ## mypy --strict, tests too
	@$(BIN)/mypy .

.PHONY: contracts
contracts: setup ## who may import whom, events as published, the law read as a colleague would
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m shared.contracts.publish --check
	@$(BIN)/python -m policies check
	@$(BIN)/python -m policies coverage --check

.PHONY: drift
drift: setup ## the models say what the migrations say
	@$(BIN)/python -m pytest tests/house_rules/test_migrations.py

.PHONY: locks
locks: setup ## the lock has hashes, and names no address
	@$(BIN)/python -m pytest tests/house_rules/test_locks.py

.PHONY: test
test: setup ## every test, and every move of every table done by one, on real PostgreSQL and NATS (WORKERS=2, each with servers of its own)
	@$(BIN)/python -m pytest -n $(or $(WORKERS),2) --dist worksteal --every-move

##@ Data

.PHONY: provision
provision: setup ## make roles and databases at DATABASE_URL (SQL=1 prints the statements for a DBA)
	@$(BIN)/python -m shared.provision $(if $(SQL),--sql)

.PHONY: migration
migration: setup ## a new numbered migration: make migration SERVICE=payments SAYS="add bank reference"
	@$(BIN)/python -m shared.migrations new $(SERVICE) "$(SAYS)"

.PHONY: backup
backup: setup ## the databases and files of DATA into TO=folder (keys are not in it)
	@$(BIN)/python -m shared.backup backup --data "$(DATA)" $(if $(TO),--to "$(TO)")

.PHONY: restore
restore: setup ## the other way, FROM=folder; payouts start frozen
	@$(BIN)/python -m shared.backup restore --data "$(DATA)" $(if $(FROM),--from "$(FROM)")

.PHONY: bench
bench: $(foreach each,$(or $(ONLY),county policies casework matching),bench-$(each)) ## measure: ONLY=county|policies|casework|matching, SIZES="…" (bench/README.md)

.PHONY: bench-county
bench-county: setup
	@$(BIN)/python -m bench.county $(or $(SIZES),5000 50000)

.PHONY: bench-casework
bench-casework: setup
	@$(BIN)/python -m bench.casework $(or $(SIZES),200000)

.PHONY: bench-policies
bench-policies: setup $(ENGINES)/.ready
	@$(BIN)/python -m bench.policies $(or $(SIZES),1000000 10000000)

.PHONY: bench-matching
bench-matching: setup
	@$(BIN)/python -m bench.matching $(or $(SIZES),1000000)

$(ENGINES)/.ready: bench/engines.lock | $(READY)
	@$(BIN)/python -m venv $(ENGINES)
	@$(ENGINES)/bin/python -m pip install --disable-pip-version-check --require-hashes -r bench/engines.lock --quiet
	@touch $@

.PHONY: lock
lock: ## resolve requirements.lock and bench/engines.lock anew (needs uv)
	@$(RESOLVE) --all-extras pyproject.toml -o requirements.lock
	@$(RESOLVE) bench/engines.in -o bench/engines.lock

##@ Documents

.PHONY: systems
systems: setup ## write docs/systems.md and docs/controls.md: which test shows or tries which
	@$(BIN)/python -m tests.systems

.PHONY: events
events: setup ## write docs/events/*.json from shared/contracts
	@$(BIN)/python -m shared.contracts.publish

.PHONY: coverage
coverage: setup ## write policies/COVERAGE.md: what became of every rule of the texts
	@$(BIN)/python -m policies coverage

.PHONY: law
law: setup ## the law as pages to be read, into OUT=folder (.law)
	@$(BIN)/python -m policies site --out $(or $(OUT),.law)

.PHONY: help
help:
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
