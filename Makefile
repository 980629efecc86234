# `make` alone lists what there is to run.
SHELL := bash
.DEFAULT_GOAL := help
PYTHON ?= $(shell infra/find-python)
VENV := .venv
BIN := $(VENV)/bin
LOCKS := requirements.lock requirements-dev.lock
# where this is set, each of the many processes compiles Prefect, NumPy and spaCy from their sources anew
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test world torture check lint sbom fuzz format types lock eval bench clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

# uv, from the lock itself, installs in seconds what pip takes a minute for; pip does it where uv is refused
$(VENV)/.ready: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "make: Python 3.11 or later is needed: install python3.11 and python3.11-venv"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	infra/install $(VENV) requirements.lock
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready requirements-dev.lock
	infra/install $(VENV) requirements-dev.lock
	@touch $@

demo: $(VENV)/.ready ## ingest the sample digests and search them: no server, no network
	$(BIN)/python -m samples.demo

test: $(VENV)/.ready-dev ## every test, on a real OpenSearch, PostgreSQL, Prefect server and browser
	infra/need
	$(BIN)/python -m pytest -n 3 $(ARGS) # one more than a small machine has cores: some test waits for a server

torture: $(VENV)/.ready-dev ## hostile pages, broken servers, killed processes: on loopback, under ten minutes
	OMP_NUM_THREADS=1 $(BIN)/python -m torture $(ARGS)

world: $(VENV)/.ready-dev ## a week of crawling 80 sites on loopback, then 50 with two crawlers and one killed (10 min)
	DATELINE_WORLD=1 $(BIN)/python -m pytest -s tests/test_crawl_world.py $(ARGS)

lock: ## write the lock files again from pyproject.toml
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra postgres --extra s3 pyproject.toml infra/install.in -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra postgres --extra s3 --extra semantic --extra dev -c requirements.lock pyproject.toml infra/install.in -o requirements-dev.lock

lint: $(VENV)/.ready-dev ## ruff, mypy, and known holes in the locked packages
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy
	$(BIN)/python infra/audit.py

fuzz: $(VENV)/.ready-dev ## strangers' bytes for every reader, forty times as many as the tests try
	DATELINE_FUZZ=40 $(BIN)/python -m pytest -q --timeout 3600 tests/test_fuzz.py

sbom: $(VENV)/.ready-dev ## what is shipped, package by package with hashes, as CycloneDX: sbom.json
	$(BIN)/uv tool run --quiet --from cyclonedx-bom==7.5.0 cyclonedx-py requirements requirements.lock --output-format JSON --output-reproducible --output-file sbom.json

format: $(VENV)/.ready-dev ## format and fix what can be fixed
	$(BIN)/ruff format . && $(BIN)/ruff check --fix .

eval: $(VENV)/.ready-dev ## score Dateline and its peers on ../shared/eval (ARGS="--only published --no-peers")
	OMP_NUM_THREADS=1 $(BIN)/python -m evaluation $(ARGS)

bench: $(VENV)/.ready-dev ## time Dateline beside the floor and its peers (ARGS="--only floor,search --pages 100")
	OMP_NUM_THREADS=1 $(BIN)/python -W ignore -m benchmarks $(ARGS)

.PHONY: bench-lock profile cluster
cluster: $(VENV)/.ready-dev ## three OpenSearch nodes, two of them killed while articles are written and searched
	$(BIN)/python -m pytest -s --timeout 1800 cluster $(ARGS)

bench-lock: ## write the bench's peers' lock again from benchmarks/peers.in
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header benchmarks/peers.in -o benchmarks/peers.lock

profile: $(VENV)/.ready-dev ## a flame graph of the whole way: .bench/profile.svg (ARGS="--pages 200")
	OMP_NUM_THREADS=1 $(BIN)/python -W ignore -m benchmarks.profile $(ARGS)

eval-lock: ## write the peers' lock again from evaluation/requirements.in
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header evaluation/requirements.in -o evaluation/requirements.lock
