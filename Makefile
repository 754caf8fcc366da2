# Each target makes its own virtual environment in .venv once and is quick the second time.
# Nothing outside this folder is touched. PYTHON names another interpreter: make demo PYTHON=python3.12

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

NOT_HAD := echo "Some packages could not be had: see above. The first time Crosslink needs the Python package index (pip's settings hold)."

.PHONY: demo install test check format bench clean

demo: $(VENV)/.ready  ## the whole product beside an emulated Slack, TikTok and Instagram
	@$(BIN)/crosslink demo $(ARGS)

install: $(VENV)/.ready  ## what `.venv/bin/crosslink` needs, for running it for real

test: $(VENV)/.ready-dev  ## every test; those that need a browser say so when there is none
	@$(BIN)/python -m pytest --numprocesses auto --dist loadfile $(ARGS)

check: $(VENV)/.ready-dev  ## format, lint, types, and who may import whom
	@$(BIN)/ruff format --check --quiet . && $(BIN)/ruff check --quiet . && echo "ruff: clean"
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(VENV)/.ready-dev
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

bench: $(VENV)/.ready-dev  ## the promises that are measured, never asserted
	@$(BIN)/python -m tests.bench $(ARGS)

clean:
	rm -rf $(VENV) .data build *.egg-info

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Crosslink needs Python 3.11 or newer, and none was found on the PATH."; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Crosslink needs Python 3.11 or newer; $(PYTHON) is older. Name another: make $(MAKECMDGOALS) PYTHON=/path/to/python"; exit 1; }
	@"$(PYTHON)" -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "$(PYTHON) cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }

$(VENV)/.ready: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing what Crosslink needs into $(VENV) (once) …"
	@$(PIP) --editable . || { $(NOT_HAD); exit 1; }
	@touch $@

$(VENV)/.ready-dev: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing what Crosslink and its tests need into $(VENV) (once) …"
	@$(PIP) --editable '.[dev]' || { $(NOT_HAD); exit 1; }
	@touch $@ $(VENV)/.ready
