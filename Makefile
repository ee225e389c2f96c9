# Everything a developer needs. Each target sets itself up in .venv, from requirements.lock alone.
# Needed on the machine: Python 3.11 or newer, git, make.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
WORKERS ?= 2

.PHONY: help env demo test bench lint format types imports schema coverage mutants check lock clean \
  github-description

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

env: $(READY) ## set up .venv; done by every target when the lock has changed

# The lock is installed with hashes checked; the project itself needs no network: its build backend
# is in the lock. Nothing outside .venv is touched, so a Python managed by the system is fine.
$(READY): requirements.lock pyproject.toml
	@python="$$(.ci/python)"; \
	echo "setting up $(VENV) with $$("$$python" --version)"; \
	"$$python" -m venv $(VENV) || { \
	  echo "error: $$python cannot create $(VENV)" >&2; \
	  echo "  on Debian and Ubuntu: apt-get install python3-venv; then run make again" >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q reconciler
	@touch $(READY)

demo: env ## the whole story, on a BMS that runs on this machine
	@$(BIN)/reconciler demo

# Nearly every test makes a ledger, which waits for its disk: in memory where there is room.
IN_MEMORY := $(shell [ -w /dev/shm ] && [ "$$(df -k --output=avail /dev/shm | tail -1)" -gt 2000000 ] && echo /dev/shm)

# What is compiled is kept, whatever the environment says: each worker, and each command that a test
# starts, would compile all of it again.
test: env ## the test suite
	@PYTHONDONTWRITEBYTECODE= $(if $(IN_MEMORY),TMPDIR=$(IN_MEMORY)) \
	  $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

bench: env ## how long a plan takes, and how much memory, against the bounds
	@$(BIN)/python -m benchmarks.run

lint: env ## format, lint and workflow checks, without changing a file
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/zizmor --offline --quiet --persona=pedantic .github docs/workflows
	@$(BIN)/jactionlint --strict-exit --shellcheck=$(BIN)/shellcheck
	@$(BIN)/jactionlint --strict-exit --profile=correctness docs/workflows/*.yml

format: env ## put the code into its one format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

types: env ## mypy, strict
	@$(BIN)/mypy

imports: env ## which room may import which
	@$(BIN)/lint-imports

schema: env ## are the checked-in JSON Schemas those of the models?
	@$(BIN)/reconciler schema --check

# Published by GitHub as an npm package, and no part of this project: without it tests check less.
GITHUB := .github-description/api.json

github-description: $(GITHUB) ## fetch GitHub's description of its API, which tests hold our calls against (needs npm)

$(GITHUB): .ci/github-description
	@python="$$(.ci/python)"; "$$python" .ci/github-description $@

coverage: env ## branches of the engine that the tests take, against their bound
	@$(BIN)/coverage run -m pytest tests/engine tests/stories tests/runs
	@$(BIN)/coverage report

mutants: env ## mutation testing of what decides days and money; lists what no test noticed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  --require-hashes --requirement requirements-mutants.lock
	@rm -rf mutants
	@$(BIN)/mutmut run --max-children $(WORKERS)
	@$(BIN)/python .ci/survivors

check: lint types imports schema test ## all of it

lock: ## write the locks anew from pyproject.toml (needs uv)
	@for group in dev action mutants; do \
	  file=requirements$$([ $$group = dev ] || echo "-$$group").lock; \
	  uv pip compile --quiet --generate-hashes --universal --python-version 3.11 \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
	    $$([ $$group != action ] || echo "--constraint requirements.lock") \
	    --group $$group --output-file $$file pyproject.toml; \
	done

clean: ## remove .venv and everything a run leaves behind; never a ledger
	@rm -rf $(VENV) build dist htmlcov *.egg-info .coverage .coverage.* \
	  .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis mutants .github-description
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
