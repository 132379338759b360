# Copse's commands. `make demo` and `make test` are the two that matter; each installs what it lacks on its way.
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help demo run test check soak lock screenshots format language

PYTHON ?= python3
JOBS ?= auto
python := .venv/bin/python
pytest := QT_QPA_PLATFORM=offscreen $(python) -m pytest
compile := $(python) -m uv pip compile pyproject.toml --quiet --no-config --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(UPGRADE)

help:
	@echo "make demo         the example review: in a window, or as files in build/example where there is no display"
	@echo "make test         all tests but the long ones; says how many ran"
	@echo "make run          the window, on its start page (FILE=path opens a review)"
	@echo "make check        lint, types and the rules of the architecture"
	@echo "make format       mends what lint and layout can mend by themselves"
	@echo "make soak         the long tests: kill, fuzz, faults"
	@echo "make screenshots  looks at every page and widget, also with 50,000 records; pictures in build/screenshots"
	@echo "make language     brings the catalogues of texts in line with the code and compiles them"
	@echo "make lock         pins the requirements anew (UPGRADE=--upgrade takes newer versions)"

demo: .venv/.ready
	@$(python) -m compileall -q main.py core gui
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
		bash .ci/system-libraries window && exec $(python) main.py demo; \
	else \
		exec $(python) main.py demo --headless --out build/example; \
	fi

run: .venv/.ready
	@$(python) -m compileall -q main.py core gui
	@bash .ci/system-libraries window
	@$(python) main.py $(if $(FILE),"$(FILE)")

test: .venv/.ready-dev
	@bash .ci/system-libraries tests
	$(pytest) -n $(JOBS) --maxprocesses 8 --durations 10 $(ARGS)

check: .venv/.ready-dev
	@bash .ci/system-libraries window
	$(python) -m ruff check .
	$(python) -m ruff format --check .
	$(python) -m basedpyright
	$(pytest) -q tests/architecture

format: .venv/.ready-dev
	$(python) -m ruff check --fix .
	$(python) -m ruff format .

soak: .venv/.ready-dev
	@bash .ci/system-libraries tests
	$(pytest) -m soak -s $(ARGS)

screenshots: .venv/.ready-dev
	@bash .ci/system-libraries window
	COPSE_PICTURES=1 $(pytest) tests/looks tests/gui/test_language.py -m "looks or not looks" $(ARGS)
	COPSE_PICTURES=1 QT_SCALE_FACTOR=2 $(pytest) tests/looks tests/gui/test_language.py -m "looks or not looks" $(ARGS)
	$(python) main.py gallery --out build/screenshots/gallery

language: .venv/.ready-dev
	$(python) -m tests.tools.language

lock: .venv/.ready-dev
	$(compile) -o requirements/runtime.txt
	$(compile) --group dev --constraints requirements/runtime.txt -o requirements/dev.txt

.venv/.ready: requirements/runtime.txt .ci/environment
	@PYTHON="$(PYTHON)" bash .ci/environment requirements/runtime.txt
	@touch $@

.venv/.ready-dev: requirements/dev.txt .venv/.ready
	@PYTHON="$(PYTHON)" bash .ci/environment requirements/dev.txt
	@touch $@
