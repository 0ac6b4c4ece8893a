PY := .venv/bin/python

.PHONY: test check lock

.venv/ready: requirements/dev.txt pyproject.toml
	@python3 -m venv .venv
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements/dev.txt
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	@touch $@

test: .venv/ready
	@$(PY) -m pytest -q

check: .venv/ready
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/pyright
	@$(PY) -m pytest -q

lock:
	uv pip compile pyproject.toml --extra dev --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --universal --python-version 3.11 -o requirements/dev.txt
	uv pip compile pyproject.toml --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --universal --python-version 3.11 -o requirements/runtime.txt
