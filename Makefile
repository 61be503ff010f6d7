# `make studies` renders the default edition, `make test` runs all checks and tests, `make fast` the tests that render, start and
# sweep nothing. Each does all the set-up.
PYTHON ?= python3
EDITION ?= 2022
# Tests wait a fifth of their time, for browsers and for each other: one worker more than there are processors.
WORKERS := $(shell $(PYTHON) -c "import os; print(os.cpu_count() + 1)")
VENV := .venv
INSTALLED := $(VENV)/.installed

# The Member States, and who reports beside them.
COUNTRIES := AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK CH IS LI NO

.PHONY: install compiled studies sweep test coverage check fast lowest lab lock clean

install: $(INSTALLED)

# pip compiles what it installs, but not what is installed to be edited: where Python is told to write no bytecode, each process
# of a run would compile the package again.
compiled: $(INSTALLED)
	$(VENV)/bin/python -m compileall -q workbench

studies: compiled
	$(VENV)/bin/workbench edition $(EDITION)

# All studies for all countries, as one part of one, which is not sealed; it lists what the snapshots do not hold.
sweep: compiled
	$(VENV)/bin/workbench edition $(EDITION) $(COUNTRIES:%=--country %) --language en --shard 1/1

test: check
	$(VENV)/bin/python -m pytest -n $(WORKERS) -q

# Which lines no test runs. To trace them takes a third longer, so it is a command of its own.
coverage: compiled
	$(VENV)/bin/python -m pytest -n $(WORKERS) -q --cov --cov-report=term

# What needs no test run: style, format, types, the floors of the package, dead code, spelling.
check: compiled
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/vulture
	$(VENV)/bin/codespell

fast: compiled
	$(VENV)/bin/python -m pytest -n auto -q -m "not slow"

# The oldest versions that pyproject.toml allows, in an environment of their own that uv makes: the fast tests, and those of
# the kernels, which use private interfaces. The lock is not what is installed there.
lowest:
	uv venv --clear --python $(PYTHON) .venv-lowest
	uv pip install --python .venv-lowest --resolution lowest-direct -e ".[test]"
	.venv-lowest/bin/python -m pytest -n auto -q -m "not slow" --deselect tests/test_environment.py
	.venv-lowest/bin/python -m pytest -n auto -q tests/execution

lab: compiled
	$(VENV)/bin/workbench lab

# The lock is made anew from pyproject.toml by the tool uv; it names versions, never a registry.
lock:
	uv pip compile pyproject.toml --extra test --universal --python-version 3.11 \
		--no-emit-index-url --no-emit-find-links --no-header --no-annotate -o requirements.lock

$(INSTALLED): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $(INSTALLED)

clean:
	rm -rf $(VENV) .venv-lowest
