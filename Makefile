# The targets that people type; `make` alone lists them.
VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help demo install test check format lock bench clean

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

demo: install ## collect the sample wire, build events and briefs, serve the site
	$(VENV)/bin/groundwire demo

install: $(STAMP) ## make the virtual environment, with the locked dependencies

$(STAMP): requirements.lock pyproject.toml
	test -x $(PY) || python3 -m venv $(VENV)
	$(PY) -m pip install --quiet --require-hashes -r requirements.lock
	$(PY) -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

test: install check ## run every check and every test
	$(PY) -m pytest -n 2

check: install ## formatting, lint and types
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy

format: install ## format the code
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

lock: ## renew requirements.lock from pyproject.toml (needs uv)
	$(VENV)/bin/uv pip compile --quiet pyproject.toml --all-extras --group build --no-header --no-annotate \
		--no-emit-index-url --generate-hashes --python-version 3.11 --output-file requirements.lock

bench: install ## print every benchmark's figures (minutes)
	for name in $$(ls benchmarks/*.py | xargs -n1 basename | grep -vE '^(__init__|common)' | sed 's/\.py//'); do \
		$(PY) -m benchmarks.$$name || exit 1; done

clean: ## remove what was built
	rm -rf $(VENV) build dist src/*.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
