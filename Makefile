# make demo   the whole way on the bundled sample site, then the pages (SERVE=0 stops before them)
# make test   every test
# make        what else there is

VENV      ?= .venv
WORKSPACE ?= workspace
SERVE     ?= 1
PORT      ?=
DATA      ?= $(or $(ASSAY_DATA),../shared/data)
WORKERS   ?= 2
LEFT_OUT  ?= xquad-es-cross

BIN    := $(VENV)/bin
READY  := $(VENV)/.assay-installed
PYTHON ?= $(shell for name in python3 python3.11 python3.12 python3.13; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$name; break; }; done)

.DEFAULT_GOAL := help
.PHONY: help install demo serve test lint format types contracts docs evaluate results baseline pictures freeze clean

help: ## this list
	@sed -n 's/^\([a-z]*\):[^#]*## /  make \1\t/p' Makefile | expand -t 18

install: $(READY) ## .venv with the pinned dependencies

$(READY): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Assay needs Python 3.11 or newer, and none is here (python3 says: $$(python3 --version 2>&1 | tail -n 1)). Install one (Debian: apt-get install python3.11 python3.11-venv) or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Assay needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1)." >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "$(PYTHON) has no venv module. Install it (Debian: apt-get install python3-venv) and run make again." >&2; exit 1; }
	@echo "Installing into $(VENV); the first time this takes three to five minutes."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@TQDM_DISABLE=1 $(BIN)/python -W ignore -m assistant.index.ready
	@touch $@

demo: $(READY) ## read and match the sample site, show the readiness, serve the pages (SERVE=0: do not serve)
	@$(BIN)/python -m assistant.demo --workspace "$(WORKSPACE)" $(if $(filter 0 no false,$(SERVE)),--no-serve,--serve) $(if $(PORT),--port $(PORT))

serve: $(READY) ## the pages for WORKSPACE
	@$(BIN)/assay serve --workspace "$(WORKSPACE)" $(if $(PORT),--port $(PORT))

test: $(READY) ## every test; what cannot run here is skipped with a sentence
	@$(BIN)/python -m pytest -rs -n $(WORKERS) --dist loadgroup $(PYTEST_ARGS)

lint: $(READY) ## ruff
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { echo "Run: make format" >&2; exit 1; }

format: $(READY) ## ruff, changing files
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format .

types: $(READY) ## mypy --strict
	@$(BIN)/mypy

contracts: $(READY) ## who may import whom
	@$(BIN)/lint-imports

docs: $(READY) ## docs/commands.md from the program's own help
	@$(BIN)/python -m assistant.cli.reference docs/commands.md

evaluate: $(READY) ## figures of the sample site and of the labelled sets in DATA but LEFT_OUT, which takes half an hour
	@$(BIN)/assay evaluate --set evaluation/sample_site \
		$(foreach folder,$(filter-out $(addprefix %/,$(LEFT_OUT)),$(wildcard $(DATA)/sets/*)),--set $(folder)) \
		--json build/evaluation.json --failures build/failures

results: $(READY) ## the table of aims (WITHOUT="NAME=WEIGHTS ...", FOLDS=WEIGHTS: trained without a set, without a fold)
	@$(BIN)/python -m evaluation.report --data $(DATA) --into evaluation/results --workers $(WORKERS) \
		$(if $(FOLDS),--folds $(FOLDS)) $(foreach pair,$(WITHOUT),--without $(pair))

baseline: $(READY) ## check the small sets against the stored figures (STORE=1: store new ones)
	@$(BIN)/python -m evaluation.baseline $(if $(wildcard $(DATA)/sets),--data $(DATA)) $(if $(STORE),--store)

pictures: $(READY) ## docs/images from the running app (needs Chromium)
	@$(BIN)/python -m evaluation.pictures --into docs/images

freeze: $(READY) ## constraints.txt from .venv
	@{ sed -n '/^#/p' constraints.txt; $(BIN)/python -m pip freeze --exclude-editable --exclude assay-copper \
		| sed 's/^\(torch==[^+]*\)+.*/\1/'; } > constraints.new && mv constraints.new constraints.txt

clean: ## remove .venv and everything made; workspaces stay
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
