# Everything Cuenty can be asked to do. It needs Python 3.11 or newer and make, nothing else
# beforehand: the database and Node come as Python packages, into .venv.

PYTHONS := python3 python3.14 python3.13 python3.12 python3.11
READY := .venv/.ready

export PATH := $(CURDIR)/.venv/bin:$(PATH)
export UV_PROJECT_ENVIRONMENT := $(CURDIR)/.venv
export UV_PYTHON_DOWNLOADS := never
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1
unexport VIRTUAL_ENV PYTHONHOME PYTHONDONTWRITEBYTECODE

CHROMIUMS := chromium chromium-browser google-chrome google-chrome-stable
FIND_CHROMIUM := command -v "$$CHROMIUM" $(foreach name,$(CHROMIUMS),|| command -v $(name))

.PHONY: help run test check fuzz bench docs morning screenshots chromium
.DEFAULT_GOAL := help

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 22

run: $(READY) ## Start the shop in demo mode at http://localhost:3000 (PORT=3100 make run)
	@exec cuenty run

test: $(READY) chromium ## Run every test, the browser's included (ARGS="-k word" chooses)
	@cuenty build
	@CHROMIUM="$$($(FIND_CHROMIUM))" pytest --numprocesses=auto --maxprocesses=4 --dist=worksteal $(ARGS)

check: $(READY) ## Lint, format, types, import arrows, and models against migrations
	@ruff check .
	@ruff format --check .
	@pyright
	@lint-imports
	@cuenty migrate --check && echo "Models and migrations agree."
	@cuenty openapi --check && echo "The API is as docs/openapi.json says."

fuzz: $(READY) ## Ask the API everything its description allows, and what it does not (N=200)
	@FUZZ_EXAMPLES=$(or $(N),200) pytest tests/api/test_fuzzing.py

bench: $(READY) chromium ## Measure what the documents claim (ROW=p08 chooses)
	@cuenty build
	@export CHROMIUM="$$($(FIND_CHROMIUM))"; wrong=; \
	for file in benchmarks/$(or $(ROW),p)*.py; do python $$file || wrong="$$wrong $$file"; done; \
	if [ -n "$$wrong" ]; then echo "Measured nothing:$$wrong" >&2; exit 1; fi

docs: $(READY) chromium ## Make the guides as PDF, into build/docs
	@CHROMIUM="$$($(FIND_CHROMIUM))" python docs/pdf.py

morning: $(READY) chromium ## Count the clicks of a shop keeper's morning again
	@cuenty build
	@CHROMIUM="$$($(FIND_CHROMIUM))" python docs/morning.py

screenshots: $(READY) chromium ## Take the pictures of the documents again
	@cuenty build
	@CHROMIUM="$$($(FIND_CHROMIUM))" python docs/screenshots.py

chromium:
	@{ $(FIND_CHROMIUM); } >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing Chromium for the browser tests …"; \
	    export DEBIAN_FRONTEND=noninteractive; \
	    apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium >/dev/null; \
	  else \
	    echo "The browser tests need Chromium: install it, or name it with CHROMIUM=/path make test" >&2; \
	    exit 1; \
	  fi; }

# Without ensurepip (Debian keeps it in python3-venv) pip, if there is one, fills the environment
# from outside; root on Debian gets the missing package.
$(READY): uv.lock pyproject.toml
	@set -e; \
	if [ ! -x .venv/bin/uv ]; then \
	  for python in $(PYTHONS) none; do \
	    $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break || true; \
	  done; \
	  if [ $$python = none ]; then echo "Cuenty needs Python 3.11 or newer" >&2; exit 1; fi; \
	  echo "Making .venv with $$($$python --version) …"; \
	  if ! $$python -c 'import ensurepip' 2>/dev/null && [ "$$(id -u)" = 0 ] \
	      && command -v apt-get >/dev/null; then \
	    apt-get update -qq && apt-get install -qq -y python3-venv >/dev/null || true; \
	  fi; \
	  if $$python -c 'import ensurepip' 2>/dev/null; then \
	    $$python -m venv --clear .venv; \
	    .venv/bin/python -m pip install -qq uv; \
	  elif $$python -m pip --version >/dev/null 2>&1; then \
	    $$python -m venv --clear --without-pip .venv; \
	    $$python -m pip --python .venv/bin/python install -qq uv; \
	  else \
	    echo "This Python has neither venv nor pip: install python3-venv (Debian, Ubuntu)" >&2; \
	    exit 1; \
	  fi; \
	fi
	@echo "Installing the locked dependencies …"
	@.venv/bin/uv sync --locked --quiet
	@touch $@
