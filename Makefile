# Mantel's commands. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run test test-postgres faults hosts bench check format openapi extension check-extension lock clean
PYTHON ?= python3
RUN := .venv/bin/python
DEV := .venv-dev/bin/python

help:  ## list the commands
	@echo "Mantel: announcements that reach people, calmly."
	@echo
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do printf '%-21s %s\n' "$$name" "$$text"; done
	@echo
	@echo "  make run DEMO=1      the same, with a demo company to look around in"

run:  ## start Mantel here: everything it needs, one address
	@PYTHON=$(PYTHON) bin/setup .venv requirements.txt
	@exec $(RUN) -m hub $(if $(DEMO),--demo)

test:  ## run every check and every test, from nothing
	@PYTHON=$(PYTHON) bin/setup .venv-dev requirements/dev.txt
	@bin/test

test-postgres: .venv-dev  ## the tests on PostgreSQL and Redis, installed and started for them
	@bin/test-postgres --ignore=tests/journeys

faults: .venv-dev  ## kill, stop and cut off all that sends mail, on SQLite and on PostgreSQL; an hour
	@$(DEV) -m tests.faults
	@bin/with-postgres $(DEV) -m tests.faults

hosts: .venv-dev  ## cut off and lose hosts of an installation on several; as root on Linux, some minutes
	@bin/services postgresql
	@$(DEV) -m tests.hosts

bench: .venv-dev  ## measure the feed, on SQLite and on PostgreSQL; some minutes
	@$(DEV) -m bench.feed
	@bin/with-postgres $(DEV) -m bench.feed

check: .venv-dev  ## the quick checks alone: lint, types, contracts, migrations
	@bin/check

format: .venv-dev  ## format the code
	@$(DEV) -m ruff format . && $(DEV) -m ruff check --fix-only -q .

openapi: .venv-dev  ## rewrite the committed OpenAPI document
	@$(DEV) manage.py spectacular --format openapi-json --file tests/api/openapi.json

extension: .venv-dev  ## build the browser extension into dist/; KEY=~/mantel.pem signs it
	@$(DEV) manage.py build_extension $(if $(KEY),--key $(KEY))

check-extension: extension  ## hold its Firefox builds to Mozilla's own checks; needs npm
	@bin/services addons-linter
	@for name in mantel-firefox mantel-firefox-panel; do .cache/addons-linter/node_modules/.bin/addons-linter --warnings-as-errors dist/$$name.zip || exit 1; done

lock: .venv-dev  ## lock the dependencies again, with hashes
	@for pair in base.in:../requirements.txt dev.in:dev.txt uv.in:uv.txt s3.in:s3.txt; do \
	  UV_CUSTOM_COMPILE_COMMAND="make lock" .venv-dev/bin/uv pip compile -q --universal --generate-hashes --python-version 3.11 \
	    --no-emit-index-url requirements/$${pair%%:*} -o requirements/$${pair##*:}; done

clean:  ## remove the environments and built files; your data stays
	rm -rf .venv .venv-dev .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv-dev: requirements/dev.txt
	@PYTHON=$(PYTHON) bin/setup .venv-dev requirements/dev.txt
	@touch .venv-dev
