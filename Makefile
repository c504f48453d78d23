# Everything starts here, from a bare checkout with Python 3.11 and nothing else.
# Settings: PORT, HOST, SIZE=village|county|city, PYTHON, ARGS (given to pytest).

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PY := .venv/bin/python
HOST ?= 127.0.0.1
PORT ?= 8000
SIZE ?= city
ARGS ?=

export HOST PORT SIZE
# The environment's own node and npm come first.
export PATH := $(CURDIR)/.venv/bin:$(PATH)

.PHONY: help setup setup-dev run demo test check format golden bench lock clean

help: ## Say what there is to do
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

setup:
	@$(PYTHON) tools/prepare.py run

setup-dev:
	@$(PYTHON) tools/prepare.py dev

run: setup ## Serve the demo on 127.0.0.1:8000 (PORT, HOST, SIZE); Ctrl-C ends it
	@exec $(PY) tools/run_demo.py

demo: setup ## Fill the database under var/ with demo data (SIZE) without serving it
	@exec $(PY) tools/run_demo.py --fill-only

test: setup-dev ## Run every test on SQLite and on PostgreSQL (ARGS="-k words")
	@$(PY) tools/run_tests.py $(ARGS)

check: setup-dev ## Lint, types, import contracts, house bans, templates, migrations
	@$(PY) tools/check.py

format: setup-dev ## Put the code into the house format
	@$(PY) -m ruff format unionhome tools tests manage.py
	@$(PY) -m ruff check --fix unionhome tools tests manage.py

golden: setup-dev ## Rewrite the golden files; the diff is the review
	@UNIONHOME_GOLDEN=write $(PY) -m pytest tests/house -q -p no:cacheprovider $(ARGS)
	@git --no-pager diff --stat -- tests/house/golden

bench: setup-dev ## Run the benchmarks; they print ratios and assert nothing
	@for file in bench/*.py; do echo "===== $$file"; $(PY) "$$file"; done

lock: setup-dev ## Resolve the dependencies anew (ARGS="--upgrade")
	@$(PY) tools/lock.py $(ARGS)

clean: ## Remove what was built, but neither data nor .venv
	@rm -rf build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache *.egg-info
