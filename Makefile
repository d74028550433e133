# Two commands matter: `make demo` and `make test`. Both install all that they need into ./.venv.
.DEFAULT_GOAL := help
.PHONY: help setup demo run test test-scenes test-long check bench chaos fuzz wheel smoke audit docs pictures clean

PYTHON ?= python3
BIN := .venv/bin
# Tests in a real browser need 165 MB more, which only a machine with a browser gets.
BROWSER := $(if $(shell command -v chromium || command -v chromium-browser || command -v google-chrome),--group browser)
READY := .venv/.ready$(if $(BROWSER),-browser)
# Warnings about the number of worker threads or a missing hard link help nobody here.
export UV_LINK_MODE ?= copy
# Keep what Python compiles, also where a machine says not to: else each process start compiles all its packages anew.
unexport PYTHONDONTWRITEBYTECODE

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /|/' | awk -F'|' '{ printf "  make %-11s %s\n", $$1, $$2 }'

setup: $(READY) ## Install everything into ./.venv (all other targets do it by themselves)

demo: $(READY) ## Play a rollout for real: ramp v2, compare it, break it, see it rolled back; KEEP=1 leaves it serving
	$(BIN)/gateway demo $(if $(KEEP),--keep)

run: $(READY) ## Serve on HOST:PORT (127.0.0.1:10000), state in ./data
	$(BIN)/gateway serve

# Most tests wait for a database or a process: three at a time keep two cores busy. What takes longest begins first.
PYTEST = $(BIN)/python -m pytest -p tests.strict_skips -n 3 --dist loadfile --no-loadscope-reorder
test: $(READY) ## Run the tests; ARGS="tests/flags -x" narrows it
	$(PYTEST) -m "not scene" $(ARGS)

test-scenes: $(READY) ## Run those that play whole scenes: in a browser, under faults, with Prometheus, demo and drill
	$(PYTEST) -m scene $(ARGS)

test-long: $(READY) ## Run every test with the large numbers, and the fault tests at length: before a release
	WHOLE=1 $(MAKE) test test-scenes chaos

check: $(READY) ## Lint, format, types, import rules, patterns, lock file
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.pipelines.language.embedded.nested_repeats
	$(call uv,lock --check)

bench: $(READY) ## Measure what has a goal, in one table, in under 25 minutes (ARGS=all adds what takes long)
	$(BIN)/python -m bench $(ARGS)

chaos: $(READY) ## Kill workers, the API and Postgres under load; every accepted job must still end once
	$(BIN)/python -m bench.chaos $(ARGS)

FUZZ_SECONDS ?= 600
fuzz: $(READY) ## Requests and exports that nobody would send, FUZZ_SECONDS (600) each; then our OpenAPI document
	FUZZ_SECONDS=$(FUZZ_SECONDS) $(BIN)/python -m pytest -s tests/security/test_fuzz.py
	FUZZ_SECONDS=$(FUZZ_SECONDS) WHOLE=1 $(BIN)/python -m pytest -s tests/pipelines/export/test_reading_fuzz.py
	WHOLE=1 $(BIN)/python -m pytest tests/security/test_schema.py

wheel: $(READY) ## Build the wheel into ./dist
	rm -rf dist/*.whl
	$(call uv,build --wheel --quiet --out-dir dist)

smoke: wheel ## Try the wheel, and a part of the tests, on another Python: PYTHON=/path/to/python3.13; fetches packages
	$(BIN)/python -m tests.release.smoke $(PYTHON) dist

audit: $(READY) ## Write dist/sbom.cdx.json, and look what is locked up among known vulnerabilities (asks the public index)
	@mkdir -p dist
	$(call uv,export --frozen --all-extras --no-dev --format cyclonedx1.5 --quiet --output-file dist/sbom.cdx.json) >/dev/null
	$(call uv,export --frozen --all-extras --no-emit-project --quiet --output-file .venv/audited.txt) >/dev/null
	$(call uv,tool run pip-audit --require-hashes --disable-pip --requirement .venv/audited.txt)

docs: $(READY) ## Write the reference pages and the dashboards from their code
	$(BIN)/python -m docs.generate
	$(BIN)/python -m docs.licences
	$(BIN)/python -m grafana.dashboards

pictures: $(READY) ## Draw dashboards and console over real rollouts into docs/images (node, prometheus, chromium)
	$(BIN)/python -m tests.observability.draw
	$(BIN)/python -m tests.console.draw $(PAGES)

clean: ## Remove the environment and the caches; ./data stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .schemathesis .import_linter_cache

# uv from the machine if there is one, else the one that $(READY) put into ./.venv.
uv = $$(command -v uv || echo $(BIN)/uv) $(1)

# `uv sync --frozen` fetches from the public index that the lock names. Where pip is set up for another index
# (a company mirror), the same locked versions with the same hashes are installed through pip.
$(READY): pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Installing into ./.venv; a minute or two the first time"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@command -v uv >/dev/null || test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet 'uv>=0.9'
	@$(call uv,sync --frozen --all-extras $(BROWSER) --quiet) || { \
		echo "The public index cannot be reached; installing the locked versions through pip"; \
		test -x $(BIN)/pip || $(BIN)/python -m ensurepip --upgrade >/dev/null; \
		$(call uv,export --frozen --all-extras $(BROWSER) --no-emit-project --quiet --output-file .venv/locked.txt) >/dev/null \
		&& $(BIN)/python -m pip install --quiet --require-hashes -r .venv/locked.txt \
		&& $(BIN)/python -m pip install --quiet --no-deps --editable .; }
	@touch $@
