# Everything a contributor types.  `make` alone lists it.
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
# Tests run in so many processes; empty for one, in which `-x --pdb` works.
TEST_PROCESSES ?= 3
# Processes by the hundred read our modules: compiling them anew each time costs as much again.
export PYTHONDONTWRITEBYTECODE :=
TEST_FLAGS := $(if $(TEST_PROCESSES),--numprocesses=$(TEST_PROCESSES) --dist=loadfile)
# `make chaos`: seeds of the simulation, and what `python -m tests.chaos --help` lists.
SIMULATION_SEEDS ?= 20000
CHAOS_ARGS ?=
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
UV_VERSION := 0.13.8
LOCK := uv pip compile --quiet pyproject.toml --universal --generate-hashes --no-emit-index-url \
	--no-annotate --python-version 3.11

.DEFAULT_GOAL := help
.PHONY: help up test test-editor test-sqlite test-postgres chaos check bench lock clean

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

up: $(VENV)/.installed $(VENV)/.node ## Run everything here: web UI, server, worker, beat, Flower, database, broker
	@exec $(BIN)/python manage.py up

test: $(VENV)/.installed-for-tests $(VENV)/.node ## Run all tests on SQLite, then those that use a database on PostgreSQL
	@$(BIN)/python manage.py build_editor
	@status=0; \
	$(MAKE) --no-print-directory test-sqlite || status=$$?; \
	$(MAKE) --no-print-directory test-postgres || status=$$?; \
	exit $$status

test-editor: $(VENV)/.installed-for-tests $(VENV)/.node ## Run the pages' own tests, which need no server; part of `make check`
	@$(BIN)/python -m config.browser.run test

test-sqlite: $(VENV)/.installed-for-tests $(VENV)/.node $(VENV)/.chromium ## Run all tests on SQLite only
	@echo "== all tests, on SQLite"
	@DJANGO_SETTINGS_MODULE=config.settings.test $(BIN)/python -m pytest $(TEST_FLAGS) $(PYTEST_ARGS)

test-postgres: $(VENV)/.installed-for-tests ## Run the tests that use a database on PostgreSQL only
	@echo "== tests that use a database, on PostgreSQL"
	@$(BIN)/python -m tests.services $(BIN)/python -m pytest --only-database $(TEST_FLAGS) $(PYTEST_ARGS)

chaos: $(VENV)/.installed-for-tests ## Break it on purpose, for an hour or two, and see what is lost
	@status=0; \
	$(BIN)/python -m tests.simulation --seeds $(SIMULATION_SEEDS) || status=$$?; \
	$(BIN)/python -m tests.chaos $(CHAOS_ARGS) || status=$$?; \
	exit $$status

check: $(VENV)/.installed-for-tests $(VENV)/.node ## Check style, types, who imports whom, and the pages: types, style, tests, weight
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m config.browser.run check
	@$(MAKE) --no-print-directory test-editor

bench: $(VENV)/.installed-for-tests ## Measure
	$(BIN)/python -m tests.benchmarks

lock: $(VENV)/.installed $(VENV)/.node ## Resolve the dependencies again and pin them by hash
	$(PIP) install --quiet uv==$(UV_VERSION)
	PATH="$(CURDIR)/$(BIN):$$PATH" $(LOCK) -o requirements.lock
	PATH="$(CURDIR)/$(BIN):$$PATH" $(LOCK) --extra dev -o tests/requirements.lock
	PATH="$(CURDIR)/$(BIN):$$PATH" $(subst pyproject.toml,editor/node.in,$(LOCK)) -o editor/node.lock
	$(BIN)/python -m config.browser.lock

clean: ## Remove what can be made again; data in var/ stays
	rm -rf $(VENV) static_root editor/node_modules workflows_app/static/editor .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# An environment without all it needs has no stamp, so an interrupted installation is repeated.
$(VENV)/.installed: requirements.lock | $(VENV)/bin/python
	@echo "Installing what the project needs (once) ..."
	@$(PIP) install --quiet --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.installed-for-tests: tests/requirements.lock | $(VENV)/bin/python
	@echo "Installing what the tests need (once) ..."
	@$(PIP) install --quiet --require-hashes -r tests/requirements.lock
	@touch $@

# Node.js builds the web UI; where the system has none that fits, PyPI's is installed.
$(VENV)/.node: editor/node.lock $(VENV)/.installed
	@$(BIN)/python -m config.browser.node 2>/dev/null || { \
		echo "Installing Node.js for the web UI (once) ..."; \
		$(PIP) install --quiet --require-hashes -r editor/node.lock; }
	@touch $@

# The browser's tests drive a Chromium of the system; nothing is downloaded beside its packages.
$(VENV)/.chromium: | $(VENV)/bin/python
	@sh tests/browser/install-chromium.sh
	@touch $@

$(VENV)/bin/python:
	@for candidate in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
		"$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		"$$candidate" -c 'import ensurepip, venv' 2>/dev/null || { \
			echo "$$candidate has no venv module: install it (Debian, Ubuntu: python3-venv)" >&2; exit 1; }; \
		exec "$$candidate" -m venv $(VENV); \
	done; \
	echo "Python 3.11 or newer is needed: install it, or name it: make PYTHON=/path/to/python" >&2; exit 1
