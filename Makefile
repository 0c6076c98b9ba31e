# Everything that a newcomer, a developer and CI need. `make` alone lists it.

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check
# A lock file is complete, so that nothing is resolved: some pips look up `name[extra]` anew, and would take what was
# released since. `pip check` then proves that nothing is missing. The project itself comes last, as `pentimento`.
INSTALL = $(PIP) -qq install --no-deps --require-hashes --requirement
INSTALL_PROJECT = $(PIP) -qq install --no-deps --no-build-isolation --editable . && $(PIP) check
# A third of the tests' time is waiting, so that one worker more than cores keeps two cores busy. The order is the tests'
# own: what takes long comes first.
SIDE_BY_SIDE = -n 3 --dist loadfile --no-loadscope-reorder
QUICK = $(addprefix tests/,chat dialogues operator pictures providers sandbox settings storage turns wire) \
	$(addprefix --ignore tests/,pictures/restore dialogues/restored sandbox/test_lending.py settings/test_proxies.py)
# The tests start the bot a hundred times. To compile all of its modules each time would take a second of each start.
unexport PYTHONDONTWRITEBYTECODE
COMPILE = CUSTOM_COMPILE_COMMAND="make lock" $(VENV)/bin/pip-compile --build-deps-for editable

.DEFAULT_GOAL := help
.PHONY: help run setup test test-all quick check torture breaks soak bench throughput lock clean
.DELETE_ON_ERROR:

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/run.stamp ## start the bot; without TELEGRAM_BOT_TOKEN the sandbox, a chat in the browser
	@exec $(PY) -m bot

setup: $(VENV)/run.stamp ## set up what the bot needs, and start nothing

test: $(VENV)/test.stamp ## run unit tests and three dialogues of each file, on both databases; in under four minutes
	@$(PY) -m pytest --dialogues 3 $(SIDE_BY_SIDE) --timeout 120 -m "not slow and not torture and not bench"

test-all: $(VENV)/test.stamp ## run all tests: also the browser, processes, clusters and faults; COVERAGE=1 measures it
	@$(if $(COVERAGE),$(PY) -m coverage erase)
	@$(PY) $(if $(COVERAGE),-m coverage run) -m pytest $(SIDE_BY_SIDE) --timeout 120
	@$(if $(COVERAGE),$(PY) -m coverage combine --quiet)
	@$(if $(COVERAGE),$(PY) -m coverage report)

quick: $(VENV)/test.stamp ## run each unit test once and some dialogues, on SQLite; in about a minute
	@$(PY) -m pytest --brief --dialogues 2 $(SIDE_BY_SIDE) -n 4 --timeout 120 \
		-m "not slow and not torture and not bench and not database" $(QUICK)

check: $(VENV)/test.stamp ## look for faults without running: ruff, mypy --strict, workflows, lock files
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy --strict bot storage
	@$(VENV)/bin/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(VENV)/bin/check-jsonschema --quiet --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/fault.yml
	@$(PY) -m pytest --quiet tests/test_packaging.py

torture: $(VENV)/test.stamp ## run the tests that kill processes and cut connections, and the dialogues on a cluster
	@$(PY) -m pytest -m torture --timeout 1800 -o faulthandler_timeout=0
	@DIALOGUES=cluster $(PY) -m pytest $(SIDE_BY_SIDE) --timeout 300 tests/dialogues

breaks: $(VENV)/test.stamp ## break each promise on purpose and see that the tests notice
	@$(PY) -m tests.torture.breaks

soak: $(VENV)/test.stamp ## watch memory under traffic; MINUTES and RATE (turns a second) can be set
	@$(PY) -m tests.torture.soak $(or $(MINUTES),30) $(or $(RATE),20)

bench: $(VENV)/test.stamp ## measure the bot beside a bare loop; AGAINST=REV adds another revision, SHORT=1 hurries
	@$(PY) -m tests.bench $(if $(AGAINST),--against $(AGAINST)) $(if $(SHORT),--short) $(if $(JSON),--json $(JSON))

throughput: $(VENV)/test.stamp ## measure what 1, 2 and 4 workers on PostgreSQL carry; SHORT=1 hurries
	@$(PY) -m tests.bench.throughput $(if $(SHORT),--short) $(if $(JSON),--json $(JSON))

lock: $(VENV)/test.stamp ## pin current versions with their hashes; needs the network and Python 3.11
	@$(COMPILE) --upgrade --all-extras --output-file tests/requirements.lock pyproject.toml
	@$(COMPILE) --upgrade --extra cluster --extra video --extra pdf --constraint tests/requirements.lock \
		--output-file requirements.lock pyproject.toml

clean: ## remove the virtual environment and all caches, but no data
	@rm -rf $(VENV) .coverage .coverage.* htmlcov .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find bot storage tests -name __pycache__ -type d -prune -exec rm -rf {} +

# An environment is made once; packages are installed only when their lock file changed.
$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Pentimento needs Python 3.11 or later, and '$(PYTHON)' is older or not there." \
			"Install one, or name another: make PYTHON=python3.12 run"; exit 1; } >&2
	@echo "Setting up $(VENV) (once) ..."
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/run.stamp: requirements.lock pyproject.toml | $(PY)
	@echo "Installing what the bot needs ..."
	@$(INSTALL) requirements.lock
	@$(INSTALL_PROJECT)
	@touch $@

$(VENV)/test.stamp: tests/requirements.lock tests/oldest-pip.lock pyproject.toml | $(PY)
	@echo "Installing what the tests need ..."
	@$(INSTALL) tests/requirements.lock
	@$(INSTALL_PROJECT)
	@$(PIP) -qq download --no-deps --require-hashes --dest $(VENV)/pips --requirement tests/oldest-pip.lock
	@touch $@ $(VENV)/run.stamp
