# Thin on purpose: each line is something a person could type.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test check eval install lock

run: install
	$(BIN)/python app.py

test: install
	$(BIN)/python -m pytest

check: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_architecture.py

eval: install
	$(BIN)/python -m evals run --quiet
	$(BIN)/python -m evals report
	$(BIN)/python -m evals gate --last

install: $(VENV)/installed

$(VENV)/installed: requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements.lock
	cp requirements.lock $@

lock:
	rm -rf var/lock && $(PYTHON) -m venv var/lock
	var/lock/bin/python -m pip install torch==2.13.0
	var/lock/bin/python -m pip install ".[dev]"
	var/lock/bin/python -m pip freeze --exclude kneewise | sed 's/+cpu$$//' > requirements.lock
