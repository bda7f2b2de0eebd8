# `make help` lists the targets. Needs: git, make, python3 (3.11 to 3.13) with venv. Node is installed if it is missing.
SHELL := /bin/sh
# Packages, the browser and the style sheets are fetched beside one another.
MAKEFLAGS += --jobs=2
# The system's own Python where it will do: distributions build theirs with every optimisation, and one that was compiled
# at home without them takes half as long again. `make PYTHON=… …` takes any other.
FITS := import sys, ensurepip, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
PYTHON ?= $(or $(shell for each in /usr/bin/python3 python3; do $$each -c '$(FITS)' 2>/dev/null && echo $$each && break; done),python3)
BIN := .venv/bin
# Compiled code is kept whatever the machine's habit, or every process would compile all that it imports again; and with
# what is installed, not beside the sources.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX := $(CURDIR)/.venv/pycache
# Python compiles what is imported, when it is; of all that is installed that is the smaller part.
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --no-compile
NPM := $(shell command -v npm 2>/dev/null || echo $(BIN)/npm)
CATALOGUES := $(shell find talentcard cards services demo -name '*.po' 2>/dev/null)
.DEFAULT_GOAL := help
.PHONY: help install install-dev demo demo-once test test-sqlite test-served lint bench samples requirements clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: install ## Start the service in demonstration mode, play one person's journey, serve until Ctrl-C
	@$(BIN)/python -m demo

demo-once: install ## The same, then stop and exit
	@$(BIN)/python -m demo --once

test: install-dev chromium ## The whole proof: tests on SQLite and on PostgreSQL + Redis, then lint, types and contracts
	@$(BIN)/python -m tests.run

test-sqlite: install-dev chromium ## The tests on SQLite only
	@$(BIN)/python -m tests.run sqlite

test-served: install-dev chromium ## The tests on PostgreSQL and a Redis-compatible server only
	@$(BIN)/python -m tests.run served

lint: install-dev ## Style, types, import contracts, migrations, templates, deployment check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --lint --quiet templates services
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m tests.checks

bench: install-dev ## The figures of docs/benchmarks.md, on private servers
	@$(BIN)/python -m tests.servers run -- $(BIN)/python -m benchmarks

samples: install-dev ## Make the sample sheets again
	$(BIN)/python -m samples.make_samples

requirements: ## Pin the requirements again from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --extra postgres --group build --generate-hashes --no-header --no-annotate -q -o requirements/runtime.txt
	uv pip compile pyproject.toml --universal --python-version 3.11 --extra postgres --group build --group dev --generate-hashes --no-header --no-annotate -q -o requirements/dev.txt
	uv pip compile --universal --python-version 3.11 --group node --generate-hashes --no-header --no-annotate -q -o requirements/node.txt

install: .venv/installed node_modules/installed .venv/messages
install-dev: .venv/installed-dev node_modules/installed .venv/messages

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/installed: requirements/runtime.txt verifier/python/pyproject.toml | .venv/bin/python
	$(PIP) --require-hashes -r requirements/runtime.txt
	$(PIP) --no-deps --no-build-isolation -e verifier/python
	@touch $@

.venv/installed-dev: requirements/dev.txt .venv/installed
	$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

node_modules/installed: package.json package-lock.json | .venv/installed
	@command -v $(NPM) >/dev/null || $(PIP) --require-hashes -r requirements/node.txt
	PATH="$(CURDIR)/$(BIN):$$PATH" $(NPM) ci --silent --no-audit --no-fund
	@touch $@

.venv/messages: $(CATALOGUES) | .venv/installed
	@for catalogue in $(CATALOGUES); do $(BIN)/pybabel --quiet compile --use-fuzzy -i $$catalogue -o $${catalogue%.po}.mo || exit 1; done
	@touch $@

.PHONY: chromium
# The same engine without a desktop's window around it takes less time; a Chromium that is there will do.
chromium:
	@command -v chromium-headless-shell >/dev/null \
	  || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq chromium-headless-shell >/dev/null; } \
	  || command -v chromium >/dev/null \
	  || { echo "The browser tests need Chromium: as root, run  apt-get install chromium-headless-shell" >&2; exit 1; }

clean: ## Remove what was installed and made
	rm -rf .venv node_modules staticfiles var
