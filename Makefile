# Everything a checkout can do. Needs only make and Python 3.11 or later with venv; the rest goes into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all:
READY := $(VENV)/.ready
READY_CHECK := $(VENV)/.ready-check
READY_FULL := $(VENV)/.ready-full

PYTEST_FLAGS ?=
TEST_PROCESSES ?= 2
PYTEST := $(BIN)/python -m pytest -q -n $(TEST_PROCESSES) --dist loadfile --durations=20

.PHONY: still test test-slow soak test-full check bench gallery clean

still: $(READY)  ## render the default scene into renders/
	@mkdir -p renders
	@$(BIN)/noclip still -o renders/still.png

test: $(READY)  ## the tests, without those marked slow
	$(PYTEST) $(PYTEST_FLAGS)

test-slow: $(READY_FULL)  ## those marked slow, against the real outside tools, which it installs; no skips
	$(BIN)/python -m tests.reference.install
	$(PYTEST) -m slow --no-skips $(PYTEST_FLAGS)

soak: $(READY_FULL)  ## random faults in their full number: a hundred films killed, twenty batches
	$(BIN)/python -m pytest -q -m slow --soak tests/test_killed.py $(PYTEST_FLAGS)

test-full: $(READY_FULL)  ## all tests; no skips
	$(BIN)/python -m tests.reference.install
	$(PYTEST) --no-skips $(PYTEST_FLAGS)
	$(MAKE) test-slow

check: $(READY) $(READY_CHECK)  ## lint and types
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(READY)  ## measured figures, beside their goals; AGAINST=REV: in turns with another revision's
	$(BIN)/python -m tests.benchmarks $(BENCH) $(if $(AGAINST),--against $(AGAINST)) $(if $(JSON),--json $(JSON))

gallery: $(READY)  ## make every picture of the README and docs/ again, by the commands written there
	grep -hoE '^ *(noclip|python -m) .*renders/gallery/[^ ]+$$' README.md docs/*.md | PATH="$(CURDIR)/$(BIN):$$PATH" sh -ex

clean:  ## remove what was installed; pictures and the cache stay
	rm -rf $(VENV) .node .venv-blender

$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "noclip needs Python 3.11 or later; try: make PYTHON=python3.12")'
	@echo "setting up $(VENV) (once) ..." >&2
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(READY_CHECK): requirements-check.txt $(READY)
	@$(PIP) -r requirements-check.txt
	@touch $@

$(READY_FULL): requirements-full.txt $(READY)
	@$(PIP) -r requirements-full.txt
	@touch $@
