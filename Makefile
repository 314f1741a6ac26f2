# Each target works on a bare checkout with Python 3.11 or newer and Node 20 or newer.
# Another Python: PYTHON=python3.12 make run

PYTHON ?= python3
# For every platform and Python that the project runs on; hashes, and no address of an index.
LOCKED = --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate

.PHONY: run setup build test check browser bench languages lock clean

run: ## Set up what is missing, then run the site, its mail worker and a mail catcher until Ctrl-C
	@$(PYTHON) tools/bootstrap.py run

setup: ## Make .venv and install everything the lock files name
	@$(PYTHON) tools/bootstrap.py setup

build: ## Build the style sheet, script and pictures, and compile the translations
	@$(PYTHON) tools/bootstrap.py build

test: build ## Check style, types and templates, run every test, check every page the tests saw
	@.venv/bin/python tools/install_chromium.py
	@.venv/bin/python -m tools.check

check: setup ## Check style, types and templates alone
	@.venv/bin/python -m tools.check lint

browser: build ## Run the browser tests alone
	@.venv/bin/python tools/install_chromium.py
	@.venv/bin/python -m pytest tests/browser

bench: ## Measure the program against its goals; ONLY=home for one path
	@$(PYTHON) tools/bootstrap.py bench
	@.venv/bin/python tools/install_chromium.py
	@.venv/bin/python -m bench $(if $(ONLY),--only $(ONLY))

languages: setup ## Gather the source's strings into every language's translations
	@.venv/bin/python -m tools.languages update

lock: setup ## Compile pyproject.toml into requirements*.txt and each package.json into its lock file
	@.venv/bin/uv pip compile --quiet $(LOCKED) pyproject.toml -o requirements.txt
	@.venv/bin/uv pip compile --quiet $(LOCKED) --group dev -c requirements.txt -o requirements-dev.txt
	@.venv/bin/uv pip compile --quiet $(LOCKED) --group bench -c requirements-dev.txt -o requirements-bench.txt
	@npm install --package-lock-only --ignore-scripts --no-audit --no-fund
	@cd bench && npm install --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts --no-audit --no-fund

clean: ## Remove what setup and build made; keeps instance/, where the data is
	rm -rf .venv node_modules bench/node_modules bench/out app/static/dist app/compiled .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find app bench migrations tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
	rm -f app/languages/*/LC_MESSAGES/*.mo
