# What everyone may rely on: run, test, setup, check, bench, prove, soak. See CONTRIBUTING.md.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
CHROMIUM := /usr/bin/chromium
SYSTEM_PARTS := chromium fonts-liberation nodejs strace postgresql poppler-utils
APT := apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $(SYSTEM_PARTS)
GO_APT := apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends golang-go golang-golang-x-mod-dev
# A file's tests stay together, so that what they share is made once.
TWO_AT_ONCE := -n 2 --dist loadfile
PIP_INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check

.PHONY: help run test setup check style system bench prove stock soak pictures lock clean

help:
	@echo "make run    install what is needed, play the demo, serve http://localhost:8000"
	@echo "make test   install everything, then every test there is"
	@echo "make setup  .venv with all Python parts"
	@echo "make check  format, lint, types, fast tests: before every commit"
	@echo "make bench | prove | soak   tables against peers | proofs | long runs"

# ---- installing: each stamp is redone only when what it was made from has changed ----

$(VENV)/made:
	@for p in python3 python3.13 python3.12 python3.11; do \
	  if "$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found="$$p"; break; fi; \
	done; \
	if [ -z "$${found:-}" ]; then echo "Coldcheck needs Python 3.11 or newer, and found none: install python3.11 with venv and pip."; exit 3; fi; \
	"$$found" -m venv $(VENV) || { echo "Python's venv module is missing: install python3-venv, then run this again."; exit 3; }
	@touch $@

$(VENV)/run-parts: $(VENV)/made requirements/build.txt requirements/run.txt pyproject.toml
	@echo "Installing what Coldcheck needs to run ..."
	@$(PIP_INSTALL) --require-hashes -r requirements/build.txt -r requirements/run.txt
	@$(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev-parts: $(VENV)/run-parts requirements/dev.txt requirements/pack.txt
	@echo "Installing what the tests and proofs need ..."
	@$(PIP_INSTALL) --require-hashes -r requirements/dev.txt -r requirements/pack.txt
	@touch $@

setup: $(VENV)/dev-parts

# make itself always ends with 2 when a step fails; the step's own 3 ("cannot: a part is missing") is in its message.
system:
	@if [ -x $(CHROMIUM) ] && command -v node >/dev/null && command -v strace >/dev/null && command -v pdfsig >/dev/null && ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then exit 0; fi; \
	if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then $(APT); \
	elif command -v apt-get >/dev/null && sudo -n true 2>/dev/null; then sudo sh -c '$(APT)'; \
	else echo "$(CHROMIUM), node, strace, pdfsig or PostgreSQL is missing. Run this once, then make test again:"; \
	  echo "  sudo sh -c '$(APT)'"; exit 3; fi

# Lighthouse for `make bench`: names, versions and hashes as in package-lock.json, and no script of any package is run.
$(VENV)/lighthouse/made: requirements/lighthouse/package.json requirements/lighthouse/package-lock.json | $(VENV)/made
	@command -v npm >/dev/null || { echo "npm is missing, and Lighthouse comes with it. Run once: sudo apt-get install npm"; exit 3; }
	@echo "Installing Lighthouse ..."
	@mkdir -p $(@D) && cp requirements/lighthouse/package.json requirements/lighthouse/package-lock.json $(@D)/
	@cd $(@D) && npm ci --ignore-scripts --legacy-peer-deps --no-audit --no-fund --loglevel=error
	@touch $@

# ---- working ----

run: $(VENV)/run-parts
	@$(BIN)/coldcheck demo

style: setup
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy

check: style
	$(BIN)/pytest -q $(TWO_AT_ONCE) -m "not slow and not browser"

test: setup system style
	$(BIN)/pytest $(TWO_AT_ONCE)

bench: setup system $(VENV)/lighthouse/made
	$(BIN)/coldcheck bench all

prove: setup stock
	$(BIN)/coldcheck prove

# An export read by tools that are not ours: Go and its packaged sumdb source, from the distribution.
stock:
	@if ! [ -d /usr/share/gocode/src/golang.org/x/mod/sumdb/tlog ] || ! command -v go >/dev/null; then \
	  if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then $(GO_APT) >/dev/null || true; \
	  elif command -v apt-get >/dev/null && sudo -n true 2>/dev/null; then sudo sh -c '$(GO_APT)' >/dev/null || true; fi; fi; \
	if [ -d /usr/share/gocode/src/golang.org/x/mod/sumdb/tlog ] && command -v go >/dev/null; then $(BIN)/coldcheck bench sizes; \
	else echo "No stock tool reads the export here: Go is missing and cannot be installed. Run this once, then make prove again:"; \
	  echo "  sudo sh -c '$(GO_APT)'"; fi

# As many of each as the project promises: hours on two cores. `coldcheck soak` alone is a try of minutes, and --more goes on.
soak: setup system
	$(BIN)/coldcheck soak --kills 10000 --power 1000000 --edits 10000 --fuzz 10000000

# The pictures of docs/screens, taken anew by the tests that take them.
pictures: setup system
	COLDCHECK_PICTURES=docs/screens $(BIN)/pytest -q tests/station/web/test_page_axe.py -k pictures

# ---- now and then ----

# Writes the hashed lists anew from the .in files, keeping every version that still fits. Only names, versions and
# hashes are kept: where they were read from is no business of the project.
lock:
	@tools="$$(mktemp -d)"; trap 'rm -rf "$$tools"' EXIT; \
	python3 -m venv "$$tools" && "$$tools/bin/python" -m pip install --quiet pip-tools==7.6.2; \
	for name in build run dev pack studio; do \
	  "$$tools/bin/pip-compile" --quiet --generate-hashes --allow-unsafe --strip-extras --no-header --no-annotate \
	    --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options \
	    --output-file "requirements/$$name.txt" "requirements/$$name.in"; \
	  sed -i.old -e '/^#/d' -e '/^$$/d' "requirements/$$name.txt" && rm "requirements/$$name.txt.old"; \
	done

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist src/coldcheck.egg-info
