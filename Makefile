# The two commands are `make run` and `make test`; `make check` is what a change must pass first.
# Everything they need is fetched by provisioning/setup, which skips what is already there.

ARGS ?=
SIZE ?= small
BIN := .venv/bin
SETUP := provisioning/setup/setup.sh
PYTEST := $(BIN)/python -m pytest

# From quick to slow; a folder that is not named here runs last instead of being forgotten.
TEST_ORDER := tests/unit tests/contract tests/migrations tests/integration tests/browser tests/faults
TESTS_FOUND = $(shell find tests -name 'test_*.py' | cut -d/ -f1,2 | sort -u)
TEST_DIRS = $(filter $(TESTS_FOUND),$(TEST_ORDER)) $(filter-out $(TEST_ORDER),$(TESTS_FOUND))

.PHONY: run setup setup-dev test check check-style check-format check-types check-imports \
	check-templates check-messages faults bare-test screenshots bench lock wheel messages clean
.DEFAULT_GOAL := run

run:
	@$(SETUP) run
	@exec $(BIN)/ncen up $(ARGS)

setup:
	@$(SETUP) run

setup-dev:
	@$(SETUP) develop

# A process for each folder: a browser's event loop runs until its process ends, and no other test may start one beside it.
test: setup-dev
	@failed=0; for tests in $(TEST_DIRS); do $(PYTEST) -m "not matrix" $$tests || failed=1; done; exit $$failed

# Faults at every moment and in every surrounding; make test tries a few of each.
faults: setup-dev
	$(PYTEST) tests/faults

check: setup-dev
	@$(MAKE) --no-print-directory --keep-going --jobs=2 --output-sync=target check-types check-imports \
		check-style check-format check-templates check-messages

check-style:
	@$(BIN)/ruff check --quiet .

check-format:
	@$(BIN)/ruff format --quiet --diff .

check-types:
	@$(BIN)/mypy --no-error-summary

check-imports:
	@$(BIN)/lint-imports --cache-dir .build/imports

check-templates:
	@$(BIN)/djlint --lint --quiet --use-gitignore appliance

check-messages:
	@$(BIN)/python -m tests.gates.untranslated

bare-test:
	tests/bare/run.sh

screenshots: setup-dev
	$(BIN)/python -m tests.browser.screenshots $(ARGS)

bench: setup-dev
	$(BIN)/python -m benchmarks --size $(SIZE) $(ARGS)

lock:
	@$(SETUP) tools
	provisioning/setup/lock.sh

wheel: setup
	provisioning/setup/wheel.sh

messages: setup-dev
	provisioning/setup/extract.sh
	@$(SETUP) develop

# What is left are the environments and the trial's data, which nobody wants to lose by tidying up.
clean:
	rm -rf .build/mypy .build/ruff .build/pytest .build/imports appliance/app/web/static dist .hypothesis
