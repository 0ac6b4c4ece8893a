PY := .venv/bin/python
PYTHON ?= python3
# Whatever the environment says: thousands of starts would compile everything anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run demo demo-check test check screenshots bench bench-quick licenses catalog lock

.venv/ready: requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Mockingbird needs Python 3.11 or newer; name one with: make PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || \
		{ echo "This Python cannot make a virtual environment: install its venv module (Debian: apt install python3-venv)." >&2; exit 1; }
	@$(PYTHON) -m venv .venv
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: -r requirements/dev.txt
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	@touch $@

run: .venv/ready
	@$(PY) -m bot run

demo: .venv/ready
	@$(PY) -m bot demo

demo-check: .venv/ready
	@$(PY) -m bot demo --check

test: .venv/ready
	@$(PY) -m pytest -q

check: .venv/ready
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/pyright
	@$(PY) -m pytest -q

screenshots: .venv/ready
	@$(PY) -m tests.browser.screenshots

bench: .venv/ready
	@$(PY) -m tests.benchmarks

bench-quick: .venv/ready
	@$(PY) -m tests.benchmarks quick

licenses: .venv/ready
	@$(PY) -m tests.licenses

catalog: .venv/ready
	@$(PY) -m tests.catalog

lock:
	uv pip compile pyproject.toml --extra dev --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --universal --python-version 3.11 -o requirements/dev.txt
	uv pip compile pyproject.toml --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --universal --python-version 3.11 -o requirements/runtime.txt
