# 'make help' lists what there is. Paths are relative, so that the folder's own name may hold anything.

SUITS := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))

# The Python that .venv is made from: the first of these that suits, or PYTHON=… on the command line.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	"$$name" -c '$(SUITS)' 2>/dev/null && echo "$$name" && exit; done; echo python3)

# What installs an environment from a lock, with a word for a Python that cannot even read the installer.
INSTALL = @"$(PYTHON)" -c '$(SUITS)' 2>/dev/null \
	|| { echo "error: Python 3.11, 3.12 or 3.13 is needed, and $(PYTHON) is none of them." \
	"Install one and name it: make PYTHON=python3.11 $(MAKECMDGOALS)" >&2; exit 1; }; \
	"$(PYTHON)" tools/install.py

PY := .venv/bin/python
READY := .venv/.ready
READY_DEV := .venv/.ready-dev
LOCK := $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --no-header

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test check lint types format bench warc-bench faults latency search-speed search-relevance soak soak-feeds export-cost schemas tables lock install install-dev clean

# An environment that was copied or moved along with the folder still points to the old place.
ifneq ($(wildcard $(READY)),)
ifneq ($(shell cat $(READY)),$(shell pwd -P))
$(shell rm -f $(READY) $(READY_DEV))
endif
endif

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile

run: $(READY) ## install, then take the folder seeds/ through the pipeline
	@$(PY) -m ingest run --flow seeds/; code=$$?; \
	printf '\n%s\n' "The command is .venv/bin/ingest; 'source .venv/bin/activate' puts it on your path."; exit $$code

test: $(READY_DEV) ## install, then run every test (ARGS='-k name' for some of them)
	@$(PY) -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile $(ARGS)

check: lint types test ## what CI runs: lint, formatting, types and tests

lint: $(READY_DEV) ## ruff: rules and formatting
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check

types: $(READY_DEV) ## mypy, strict
	@$(PY) -m mypy

bench: $(READY_DEV) ## measure speed and the cost of a growing store, write docs/benchmarks.md (ARGS=--quick to try it)
	@PYTHONPATH=. $(PY) -m tools.bench $(ARGS)

warc-bench: $(READY_DEV) ## measure the reading of web archives by executor, and its memory (ARGS='--megabytes 50' to try it)
	@PYTHONPATH=. $(PY) -m tools.backfill $(ARGS)

soak: $(READY_DEV) ## let two workers, one of them killed, fetch a generated site (ARGS='--feeds 9' for less)
	@PYTHONPATH=. $(PY) -m tools.soak.visits $(ARGS)

soak-feeds: $(READY_DEV) ## read every feed and sitemap below FEEDS=FOLDER: outcomes, times, agreement with what they expect
	@test -n "$(FEEDS)" || { echo "error: name a folder of feeds: make soak-feeds FEEDS=FOLDER" >&2; exit 2; }
	@PYTHONPATH=. $(PY) -m tools.soak.feeds "$(FEEDS)" $(ARGS)

faults: $(READY_DEV) ## kill and stop services in the middle of their work (ARGS='--rounds 10' for longer)
	@PYTHONPATH=. $(PY) -m tools.faults $(ARGS)

latency: $(READY_DEV) ## from a file that is dropped to what comes of it, alone and with Prefect (ARGS='--drops 10' for less)
	@PYTHONPATH=. $(PY) -m tools.latency $(ARGS)

export-cost: $(READY_DEV) ## what an export of many articles costs in time and memory (ARGS='--articles 20000' for less)
	@PYTHONPATH=. $(PY) -m tools.export_cost $(ARGS)

search-speed: $(READY_DEV) ## time searches among 100,000 articles on both databases (ARGS='--articles 5000' for fewer)
	@PYTHONPATH=. $(PY) -m tools.search_speed $(ARGS)

search-relevance: $(READY_DEV) ## how well a judged set of searches is ordered
	@PYTHONPATH=. $(PY) -m tools.search_relevance

format: $(READY_DEV) ## let ruff put right what it can
	@$(PY) -m ruff check --fix
	@$(PY) -m ruff format

schemas: $(READY_DEV) ## write schemas/ and prefect.yaml anew from the types and flows/serve.py
	@$(PY) -m ingest schema --write schemas
	@PYTHONPATH=. $(PY) -m tools.manifest

tables: $(READY_DEV) ## write the tables of metrics, events and views into the manuals anew
	@$(PY) tools/tables.py

lock: $(READY_DEV) ## resolve the lock files anew within the bounds of pyproject.toml (UPGRADE= keeps what is in them)
	@$(PY) -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")' > .venv/build.in
	@$(LOCK) $(UPGRADE) pyproject.toml .venv/build.in -o requirements.lock
	@$(LOCK) $(UPGRADE) -c requirements.lock --extra dev pyproject.toml .venv/build.in -o requirements-dev.lock

UPGRADE ?= --upgrade

install: $(READY) ## only install what 'make run' needs

install-dev: $(READY_DEV) ## only install what 'make test' needs

$(READY): requirements.lock pyproject.toml tools/install.py
	$(INSTALL) requirements.lock $@

# Holds all that the other lock does, at the same versions.
$(READY_DEV): requirements-dev.lock pyproject.toml tools/install.py
	$(INSTALL) requirements-dev.lock $@
	@touch $@; cp $@ $(READY)

clean: ## remove .venv and caches; the store in var/ stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find src flows tests tools -name __pycache__ -prune -exec rm -rf {} +
