# Everything a newcomer needs: `make run` and `make test`. Needs Python 3.11 or later and make, nothing else.
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := run
.PHONY: run test test-browser test-faults test-front-end test-quick bench lint format lock messages clean fast ready-to-run ready-to-test

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
PY := .venv/bin/python
UV_INSTALL := .venv/bin/uv pip install -q --require-hashes --python $(PY)
NODE := $(PY) -m hub.launcher.node
STAMPS := .venv/.stamps

# Some machines are told to write no bytecode. A hub is five processes of Python, which would each compile everything anew:
# 19 core-seconds to start instead of 7.
unexport PYTHONDONTWRITEBYTECODE

# Tools keep caches in the home folder; an account without one gets its own here.
ifneq ($(shell test -n "$$HOME" && test -w "$$HOME" && echo yes),yes)
export HOME := $(CURDIR)/.make/home
endif

FRONTEND_SOURCES := $(shell find frontend -type f ! -path 'frontend/dist/*' ! -name '*.mo' ! -path 'frontend/templates/*' 2>/dev/null) \
	package.json $(wildcard vite*.config.ts) tsconfig.json

# -- what people type --------------------------------------------------------------------------------------------------
run: ready-to-run
	@DEMO_DESK=$${DEMO_DESK-1} exec $(PY) -m hub.launcher

# Two at a time, first those that take turns with waiting: neither could be cut into parts, and the quick ones, which
# compute, fill two cores by themselves. With three on two cores a dispatcher once was not seen in time. Browser tests have
# a process of their own: Playwright keeps an event loop in their thread, where no other can run. Each part runs whatever
# becomes of the others: one run tells everything that fails.
test: ready-to-test
	@$(MAKE) -k -j 2 --output-sync=target test-browser test-faults test-front-end test-quick

# Only where they are (tests/conftest.py sees to that): to collect all tests takes as long as ten of them.
test-browser:
	@$(PY) -m pytest -q -m browser tests/browser

test-faults:
	@$(PY) -m pytest -q -m faults tests/access tests/faults tests/ground

test-front-end:
	@$(NODE) npm -s test

test-quick:
	@$(PY) -m pytest -q -n 2 --dist loadfile -m "not browser and not faults" tests

# The quick part of the tests: no browser, no killed processes.
fast: ready-to-test
	@$(MAKE) test-quick

bench: ready-to-test
	@$(PY) -m bench

lint: ready-to-test
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/lint-imports
	@DEBUG=1 DATABASE_URL=postgresql:///none .venv/bin/mypy .
	@$(NODE) npm run -s check

format: $(STAMPS)/test
	@.venv/bin/ruff check --fix-only -q .
	@.venv/bin/ruff format -q .

lock: $(STAMPS)/uv
	@for part in requirements-uv requirements requirements-node requirements-dev bench/peers/helpdesk/requirements; do \
		.venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url $$part.in -o $$part.txt || exit 1; done
	@for folder in . tests/browser bench/peers/socketio; do \
		(cd $$folder && $(CURDIR)/$(PY) $(CURDIR)/hub/launcher/node.py npm install --package-lock-only --ignore-scripts) || exit 1; done

# Brings the catalogs of every language up to date with the sources (docs/how/languages.md).
messages: $(STAMPS)/run $(STAMPS)/npm
	@$(PY) -m hub.launcher.messages

clean:
	@$(PYTHON) -m hub.launcher.reach | xargs -r rm -rf
	@rm -rf .venv bench/peers/helpdesk/.venv .make var node_modules tests/browser/node_modules frontend/dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find frontend/locale -name '*.mo' -delete 2>/dev/null || true

# -- what that needs, each made once -----------------------------------------------------------------------------------
ready-to-run: $(STAMPS)/run $(STAMPS)/frontend $(STAMPS)/catalogs

ready-to-test: $(STAMPS)/run $(STAMPS)/test $(STAMPS)/frontend $(STAMPS)/catalogs $(STAMPS)/browser

$(PY):
	@test -n "$(PYTHON)" || { echo "Balie needs Python 3.11 or later; none was found."; exit 1; }
	@echo "Making .venv …"
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python's venv is missing (on Debian: the package python3-venv)."; exit 1; }

$(STAMPS)/uv: requirements-uv.txt | $(PY)
	@$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements-uv.txt
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/run: requirements.txt $(STAMPS)/uv
	@echo "Installing Python packages …"
	@$(UV_INSTALL) -r requirements.txt
	@touch $@

$(STAMPS)/test: requirements-dev.txt $(STAMPS)/run
	@$(UV_INSTALL) -r requirements-dev.txt
	@touch $@

$(STAMPS)/npm: package-lock.json .npmrc $(STAMPS)/uv
	@echo "Installing npm packages …"
	@$(NODE) npm ci --silent
	@touch $@

$(STAMPS)/frontend: $(FRONTEND_SOURCES) $(STAMPS)/npm $(STAMPS)/run
	@echo "Building the front end …"
	@mkdir -p .make && $(NODE) npm run -s build > .make/frontend.log 2>&1 || { cat .make/frontend.log; exit 1; }
	@touch $@

$(STAMPS)/catalogs: $(wildcard frontend/locale/*/LC_MESSAGES/*.po) $(STAMPS)/run
	@$(PY) -m hub.launcher.catalogs >/dev/null
	@touch $@

$(STAMPS)/browser: tests/browser/package-lock.json tests/browser/chromium.py $(STAMPS)/test
	@$(PY) -m tests.browser.chromium
	@touch $@
