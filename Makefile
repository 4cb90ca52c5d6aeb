# make run | test | test-faults | bench | desk-figures | page-figures | lint | screenshots | guide | messages. Python 3.11+ with venv, and make, are enough.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python

.PHONY: run test test-faults bench lint clean lock screenshots desk-figures page-figures guide messages
.DEFAULT_GOAL := run

# One clear sentence where the machine lacks what everything else needs.
define CHECK_PYTHON
@command -v $(PYTHON) >/dev/null 2>&1 || { echo "This needs Python 3.11 or newer, and there is no $(PYTHON) here. Install python3, or say: make PYTHON=/path/to/python3 $@" >&2; exit 2; }
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "This needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Say: make PYTHON=/path/to/python3.11 $@" >&2; exit 2; }
@test -x $(PY) || $(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing. On Debian and Ubuntu: apt install python3-venv" >&2; exit 2; }
endef

# The stamps remember which lock file was installed, so that a second start takes seconds.
$(VENV)/run.stamp: requirements.txt
	$(CHECK_PYTHON)
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@echo "Installing what is locked in requirements.txt …"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt
	$(CHECK_PYTHON)
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@echo "Installing what is locked in requirements-dev.txt …"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/run.stamp

run: $(VENV)/run.stamp
	@DEBUG=true exec $(PY) manage.py run

# PARTS=all: the slow faults too, as in CI.
PARTS :=
test: $(VENV)/dev.stamp
	$(PY) -m tests $(PARTS)

# Every fault of tests/faults, those too that take a minute.
test-faults: $(VENV)/dev.stamp
	$(PY) -m tests faults

bench: $(VENV)/dev.stamp
	$(PY) -m tests.bench

# Publish, from the click to a reader's screen: with a browser, and 2,000 sockets open.
desk-figures: $(VENV)/dev.stamp
	$(PY) -m tests.bench.desk --write-docs

# The reader's page: its weight, how it loads, a minute of updates, and 500 posts.
page-figures: $(VENV)/dev.stamp
	$(PY) -m tests.figures --write-docs

lint: $(VENV)/dev.stamp
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	DEBUG=true $(VENV)/bin/mypy
	$(VENV)/bin/djlint --lint --quiet templates
	DEBUG=true $(PY) manage.py makemigrations --check --dry-run

# Ranges are in pyproject.toml; the locks hold hashes and no addresses.
lock: $(VENV)/dev.stamp
	$(PY) -m pip install --quiet uv
	$(VENV)/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml -o requirements.txt
	$(VENV)/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml --group dev -o requirements-dev.txt

# Every page in every way to see it, side by side: run/screenshots/index.html; renews docs/components.md.
screenshots: $(VENV)/dev.stamp
	DJANGO_ALLOW_ASYNC_UNSAFE=1 $(PY) -m tests.screenshots

# The pictures of docs/editors.md.
guide: $(VENV)/dev.stamp
	DJANGO_ALLOW_ASYNC_UNSAFE=1 $(PY) -m tests.guide

# Brings locale/ in step with what readers can be told; says what is still to be translated.
messages: $(VENV)/dev.stamp
	$(PY) -m tests.messages

clean:
	rm -rf $(VENV) run staticfiles liveblog.sqlite3*
