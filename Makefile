# make demo: sets everything up and prices the example quote into a workbook.   make test: runs the tests.
# Both need Debian or Ubuntu with python3 (3.11 or later) and make; see README.md.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DEMO ?= demo-output

.DEFAULT_GOAL := help
.PHONY: help demo test test-pyodide test-windows oracle lint format bench docs pictures clean libreoffice

help:  ## what there is to make
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

$(VENV)/.run: pyproject.toml constraints.txt
	@.ci/python-environment $(PYTHON) $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test,lint,excel]'
	@touch $@

libreoffice:  ## LibreOffice for the workbook tests (Debian and Ubuntu, as root)
	@tests/install-libreoffice

demo: $(VENV)/.run  ## price the example quote, tariff card and late-payment statement
	$(BIN)/copro demo --folder $(DEMO) --force

test: $(VENV)/.dev libreoffice  ## all tests, with branch coverage of core
	$(BIN)/python -m pytest --numprocesses auto --cov --cov-fail-under=100

test-pyodide: $(VENV)/.dev  ## the functions in Pyodide, as xlwings Lite runs them (needs node and npm)
	$(BIN)/python -m pytest tests/pyodide

test-windows: $(VENV)/.dev  ## the Excel server with Windows programs, under Wine (Debian, as root)
	@PYTHON=$(BIN)/python tests/windows/install-wine
	$(BIN)/python -m pytest tests/windows/under_wine.py --verbose

oracle: $(VENV)/.dev  ## ten million random rows against the exact oracle: benchmarks/oracle.md
	$(BIN)/python -m tests.oracle_run --rows 10000000 --output benchmarks/oracle.md

lint: $(VENV)/.dev  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.dev  ## bring the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev  ## speed and memory, with ratios and the peers' wrong cents
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[bench,columns]'
	$(BIN)/python -m benchmarks

docs: $(VENV)/.dev libreoffice  ## the pages made from the catalogue: docs/functions, docs/fronts.md
	$(BIN)/python -m xl_addin.reference docs/functions
	$(BIN)/python -m tests.fronts

pictures: $(VENV)/.dev libreoffice  ## the pictures of docs/: every workbook in every language
	$(BIN)/python -m tests.pictures docs/pictures

clean:  ## remove what was made
	rm -rf $(VENV) $(DEMO) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
