# One line per target below its name; `make` alone prints them.
.DEFAULT_GOAL := help
.PHONY: report test-slow check-sources prism judge help install lock generate check-generated format lint test-fast test demo gallery serve bench fuzz build clean mutate-overlays mutants mutmut

# Bytecode and rewritten assertions are kept: without them every start of pytest costs seconds.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
BIN := .venv/bin
MINUTES ?= 20
STAMP := .venv/.installed
SAMPLES := contract_tests/claid/samples/node_modules/.package-lock.json
PRISM := benchmarks/node_modules/.package-lock.json
REDOCLY := tests/respect/node_modules/.package-lock.json
TYPESCRIPT := tests/generators/node_modules/.package-lock.json
GENERATORS := .venv/.generators
CODE := client codegen lifecycle mockserver openapi_tools mutation tests contract_tests docs benchmarks examples

help:  ## print this help
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

install: $(STAMP)  ## create .venv with the packages of locks/dev.txt, by hash

# In two steps: uv refuses hashes where an editable install, which has none, is part of the same one.
$(STAMP): pyproject.toml locks/dev.txt locks/uv.txt
	@command -v $(PYTHON) >/dev/null || { echo "make: $(PYTHON) not found; set PYTHON=python3.11 or newer" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "make: Python 3.11 or newer is needed; set PYTHON=…" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --require-hashes --requirement locks/uv.txt
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes locks/dev.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

%/node_modules/.package-lock.json: %/package.json %/package-lock.json
	@command -v npm >/dev/null || { echo "make: npm not found; Prism, TypeScript, Redocly and one of Claid's samples need it, with Node.js 20 or newer" >&2; exit 1; }
	cd $* && npm ci --silent
	@touch $@

# openapi-generator, for make test-slow alone: its Java archive has 30 MB. An install that follows removes it.
$(GENERATORS): $(STAMP) locks/generators.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --requirement locks/generators.txt
	@touch $@

# Hashes and no addresses: whichever index a package comes from, it is the file that was locked.
LOCK := $(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --python-version 3.11

lock:  ## pin the newest allowed versions, by hash, in locks/
	$(LOCK) --all-extras --group dev pyproject.toml -o locks/dev.txt
	$(LOCK) --constraint locks/dev.txt --extra mock pyproject.toml -o locks/mock.txt
	$(LOCK) --constraint locks/dev.txt --group build -o locks/build.txt
	$(LOCK) --constraint locks/dev.txt --group bootstrap -o locks/uv.txt
	$(LOCK) --group generators -o locks/generators.txt
	set -e; for sdk in tests/sdks/locks/*.in; do $(LOCK) "$$sdk" -o "$${sdk%.in}.txt"; done

generate: $(STAMP)  ## rewrite generated/ from openapi/ and overlays/, and the generated parts of pages
	$(BIN)/safelight-codegen generate
	$(BIN)/python docs/fidelity.py
	$(BIN)/python docs/diagram.py
	$(BIN)/python docs/howto.py
	$(BIN)/python docs/tables.py

check-sources: $(STAMP)  ## fail if a vendored file differs from its digest
	$(BIN)/safelight-codegen check-sources

check-generated: $(STAMP)  ## fail, with the difference, if generated/ is stale
	$(BIN)/safelight-codegen generate --check

format: $(STAMP)  ## format the code
	$(BIN)/ruff format $(CODE)
	$(BIN)/ruff check --fix-only --quiet $(CODE)

lint: $(STAMP)  ## ruff, mypy --strict and the import contracts; writes nothing
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy
	cd examples/darkroom-app && ../../$(BIN)/mypy
	$(BIN)/lint-imports

# Two processes of pytest, as large as one another, and not pytest-xdist: its messages take longer than a short
# test. No timer thread for each test: with one, a short test takes twice as long.
FAST := $(BIN)/pytest -q -m 'not slow' --hypothesis-profile fast -o faulthandler_timeout=0 -p no:cacheprovider
OTHERS := tests/mockserver/vendors
SERVER := tests/mockserver $(addprefix --ignore ,$(OTHERS))
REST := $(filter-out tests/mockserver/,$(wildcard tests/*/)) $(wildcard tests/test_*.py) $(OTHERS)

test-fast: $(STAMP)  ## unit tests only: no documents, generated clients, pages or packages
	@log=$$(mktemp); trap 'rm -f "$$log"' EXIT; \
	$(FAST) $(SERVER) >"$$log" 2>&1 & \
	$(FAST) $(REST); rest=$$?; \
	wait $$!; server=$$?; cat "$$log"; exit $$((rest | server))

# Each process begins with one half of the tests, so that a module's server is started once, and takes over tests of
# the other one at the end.
TWO := -n 2 --dist worksteal

test: lint check-sources check-generated $(SAMPLES) $(PRISM)  ## lint, generated files and all tests but the slowest: most of what CI runs
	$(BIN)/pytest -q $(TWO) -m 'not browser and not wheel and not generators and not mutants and not types and not sdks and not workflows and not fuzz'

test-slow: $(GENERATORS) $(TYPESCRIPT) $(REDOCLY)  ## what takes longer: schemathesis, a page in a browser, another generator and runner, official SDKs, the README from the wheel, the worst mutants, exported types
	$(BIN)/pytest -q -m 'browser or wheel or generators or mutants or types or sdks or workflows or fuzz' tests contract_tests/fuzz

report: $(STAMP) $(SAMPLES) $(PRISM)  ## what the contract tests cover of the APIs; reports/coverage.html
	$(BIN)/pytest -q $(TWO) --safelight-coverage reports/coverage.html contract_tests $(ARGS)

judge: $(STAMP)  ## schemathesis with the fixed seed of make test-slow
	$(BIN)/pytest -q contract_tests/fuzz

prism: $(PRISM)  ## install Prism for the contract tests: npm ci in benchmarks/

demo: $(STAMP)  ## run the main jobs of all vendors on a photograph; results in demo-output/
	$(BIN)/python docs/demo.py

gallery: $(STAMP)  ## every operation and setting on photographs; demo-output/gallery*.png
	$(BIN)/python docs/demo.py gallery

serve: $(STAMP)  ## run the mock server on 127.0.0.1:4010
	$(BIN)/safelight-mock serve

bench: $(STAMP)  ## measure against other mock servers, and what tests in one process cost
	$(BIN)/python benchmarks/bench.py

fuzz: $(STAMP)  ## schemathesis for longer, against every vendor and example; MINUTES=20, or ARGS='--vendor tengr --seed ruby --cases 500'
	$(BIN)/python -m contract_tests.fuzz --minutes $(MINUTES) $(ARGS)

mutate-overlays: $(STAMP)  ## omit each truth-layer action in turn; a test must fail
	$(BIN)/python -m mutation.overlays $(ARGS)

mutants: $(STAMP)  ## apply the dozen worst errors to a copy of the code; a test must fail for each
	$(BIN)/pytest -q -m mutants tests/mutation $(ARGS)

mutmut: $(STAMP)  ## mutmut on core, wire, driver, storage and webhooks; ARGS='storage wire' selects
	$(BIN)/python -m mutation.sweep $(ARGS)

build: $(STAMP)  ## wheel and source archive in dist/
	$(BIN)/python -m build --outdir dist

clean:  ## remove all build output and .venv
	rm -rf .venv tests/generators/node_modules tests/respect/node_modules benchmarks/node_modules contract_tests/claid/samples/node_modules dist demo-output reports .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
