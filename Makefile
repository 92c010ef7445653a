# Every door to this project. `make` alone lists them from the comments behind the double hashes.

PYTHON ?= python3
VENV := .venv/bin
PY := $(VENV)/python
# Checks read the settings too: they get a folder of their own, never the site's data.
CHECKING := VAR_DIR=var/check TESTING=true
PACKAGES := accounts certificates cms common config courses demo exams partners portal standards
# Two at a time on two cores; TESTS=tests/exams narrows any of the test targets.
PYTEST := $(VENV)/pytest -n 2 --dist loadfile -q
TESTS ?=

.DEFAULT_GOAL := help
.PHONY: help setup setup-tests run worker seed test test-embedded test-postgres fast check lint fmt types \
        migrations migrations-check messages messages-check lock bench clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Make this machine ready to run the site: system libraries, virtual environment, locked requirements
	@$(PYTHON) -m scripts.machine run

setup-tests: ## Make this machine ready to test it too: Chromium, PostgreSQL, gettext, developer tools
	@$(PYTHON) -m scripts.machine tests

run: setup ## Run the seeded site at http://127.0.0.1:8000/ until Ctrl-C; PORT=8001 chooses another port
	@$(PY) -m scripts.run --under-make

worker: setup ## Run one more Celery worker on the broker that BROKER_URL names
	@$(PY) -m scripts.worker

seed: setup ## Bring the demo's people, papers and certificates into the database
	@$(PY) manage.py migrate --verbosity=0
	@$(PY) manage.py seed_demo

test: setup-tests ## Run the whole suite on the embedded shape, then again on PostgreSQL
	@status=0; \
	$(MAKE) --no-print-directory test-embedded || status=1; \
	$(MAKE) --no-print-directory test-postgres || status=1; \
	exit $$status

test-embedded: setup-tests ## Run the whole suite on SQLite and the embedded Valkey
	@echo "Tests on SQLite and Valkey"
	@TEST_DATABASE=sqlite $(PYTEST) $(TESTS)

test-postgres: setup-tests ## Run it on a private PostgreSQL; browser journeys and the matrix of rights run on SQLite
	@echo "Tests on PostgreSQL and Valkey"
	@TEST_DATABASE=postgres $(PYTEST) -m "not browser and not matrix" $(TESTS)

fast: setup-tests ## Run what answers within a minute: what needs no database, and the main road with one
	@$(PYTEST) -m "(not database or smoke) and not browser and not faults and not matrix" $(TESTS)

check: setup-tests lint types migrations-check messages-check test ## Run what .ci/run runs: everything that must be green

lint: setup-tests ## Look for mistakes in code, templates and the direction of imports
	@$(VENV)/ruff check .
	@$(VENV)/ruff format --check --quiet . || { echo "Some files are not formatted; run: make fmt"; exit 1; }
	@$(VENV)/djlint --lint --quiet $(PACKAGES)
	@$(VENV)/lint-imports --no-logo
	@$(PY) -m scripts.locked

fmt: setup-tests ## Put code in the common format and mend what can be mended by machine
	@$(VENV)/ruff check --fix --quiet .
	@$(VENV)/ruff format --quiet .

types: setup-tests ## Check the type hints
	@$(CHECKING) $(VENV)/mypy $(PACKAGES) scripts

migrations: setup-tests ## Write the migrations that changed models need
	@$(PY) manage.py makemigrations

migrations-check: setup-tests
	@$(CHECKING) $(PY) manage.py makemigrations --check --dry-run --verbosity=1

messages: setup-tests ## Collect the words to translate and compile the catalogues
	@$(PY) -m scripts.translations collect

messages-check: setup-tests
	@$(PY) -m scripts.translations check

lock: setup-tests ## Lock the requirements anew, with hashes
	@for file in requirements requirements-dev; do \
	  CUSTOM_COMPILE_COMMAND="make lock" $(VENV)/pip-compile --quiet --generate-hashes --no-strip-extras --allow-unsafe \
	    --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file=$$file.txt $$file.in || exit 1; \
	done

bench: setup-tests ## Print the performance table, as ratios to limits taken in the same run; ARGS=--json prints JSON
	@$(PY) -m bench $(ARGS)

clean: ## Remove caches and what tests left; the site's data stays
	@rm -rf var/test var/check .mypy_cache .ruff_cache .pytest_cache .import_linter_cache htmlcov .coverage
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
