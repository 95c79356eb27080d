# Two commands are enough: `make run` and `make test`. They need Python 3.11 and make, nothing else.

UV_DIR := $(CURDIR)/.uv
UV := $(shell command -v uv 2>/dev/null || echo $(UV_DIR)/bin/uv)
RUN := $(UV) run --no-sync
PYTHON ?= $(shell command -v python3.11 || command -v python3)

.DEFAULT_GOAL := help
.PHONY: help run test test-fast lint format types check install install-dev train evaluate clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(UV_DIR)/bin/uv:
	@echo "==> uv is not on this machine: installing it into .uv (nothing else is touched)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
		{ echo "Python 3.11 is needed; $(PYTHON) is `$(PYTHON) --version 2>&1`. Set PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv $(UV_DIR)
	@$(UV_DIR)/bin/python -m pip install --quiet --disable-pip-version-check uv

ifeq ($(UV),$(UV_DIR)/bin/uv)
BRING_UV := $(UV_DIR)/bin/uv
endif

install: $(BRING_UV) ## install what serving needs (no torch)
	@echo "==> installing (the first time takes a few minutes)"
	@$(UV) sync --frozen --python $(PYTHON)

install-dev: $(BRING_UV) ## install what tests and training need as well
	@echo "==> installing with the tools for tests and training"
	@$(UV) sync --frozen --all-groups --python $(PYTHON)

train: install ## train the understanding model, if anything changed
	@echo "==> training (about a minute the first time)"
	@$(RUN) motcua train

run: install train ## install, train on first use, and serve the API and the chat page
	@$(RUN) motcua serve

test: install-dev ## install and run every test
	@# Playwright keeps an event loop running in its process, so the browser has one of its own.
	@$(RUN) pytest -m "not browser"
	@$(RUN) pytest -m browser

lint: ## lint and check the format
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .

format: ## put the code into its format
	@$(RUN) ruff check --fix --quiet .
	@$(RUN) ruff format --quiet .

types: ## check types
	@$(RUN) mypy

check: lint types ## lint, types and the catalogue
	@$(RUN) motcua check

evaluate: ## measure and write docs/evaluation.md again
	@$(RUN) motcua evaluate report

clean: ## remove what running and testing left behind (not .motcua, which holds data)
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis artefacts
