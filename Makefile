# A fresh machine needs Python 3.11+ and make. `make demo` shows nbprod at work, `make test` checks everything.
.DEFAULT_GOAL := help
VENV ?= .venv
PYTEST_FLAGS ?=
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)

.PHONY: help demo test lint unit slow browser validate container versions docs bench wheel clean

help: ## show this list
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.installed: pyproject.toml
	@test -n "$(PYTHON)" || { echo "nbprod needs Python 3.11 or newer; set PYTHON=/path/to/python" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable ".[verify,lab]" --group dev
	@touch $@

demo: $(VENV)/.installed ## convert a fixture, train it, serve it, post one record
	$(BIN)/python scripts/demo.py

test: lint unit ## lint, types and all tests but the slow ones

lint: $(VENV)/.installed ## ruff, black and mypy --strict
	$(BIN)/ruff check .
	$(BIN)/black --check --quiet .
	$(BIN)/mypy

unit: $(VENV)/.installed ## the fast tests
	$(BIN)/python -m pytest -n auto --dist loadfile -m "not slow and not browser" $(PYTEST_FLAGS)

slow: $(VENV)/.installed ## the tests that build environments or drive servers
	$(BIN)/python -m pytest -m "slow and not browser" $(PYTEST_FLAGS)

browser: $(VENV)/.installed ## click through JupyterLab and Notebook; needs Chromium
	$(BIN)/python -m pytest -m browser $(PYTEST_FLAGS)

validate: $(VENV)/.installed ## manifests and workflows against the clouds' own validators
	$(BIN)/python -m pip install --quiet --editable . --group validate --group validate-clouds
	$(BIN)/python -m pytest tests/targets $(PYTEST_FLAGS)

container: $(VENV)/.installed ## build and run a generated Dockerfile with buildah; needs root
	$(BIN)/python -m pip install --quiet "psutil>=6"
	$(BIN)/python scripts/container.py

versions: $(VENV)/.installed ## the tests with the oldest and the newest pandas, numpy and scikit-learn
	$(BIN)/python scripts/versions.py

docs: $(VENV)/.installed ## build the documentation site
	$(BIN)/mkdocs build --strict

bench: $(VENV)/.installed ## time conversions against nbconvert
	$(BIN)/python -m benchmarks.conversion

wheel: $(VENV)/.installed ## build the wheel
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

clean: ## remove everything that can be rebuilt
	rm -rf $(VENV) .demo .versions build dist site .pytest_cache .mypy_cache .ruff_cache .hypothesis
