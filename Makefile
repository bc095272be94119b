# make demo: from nothing to claim readiness. make test: everything that must hold. The rest in docs/settings.md.
.DEFAULT_GOAL := help
.PHONY: help setup demo up down test lint bench spark faults check-build races year
export UV_PYTHON_PREFERENCE := only-system
export PYTHON
BIN := .venv/bin
# Much of the tests' time is waiting for a scheduler or a partner. A file stays with one process, which has a PostgreSQL of its own.
AT_ONCE ?= -n 2 --dist loadfile --no-loadscope-reorder

help:
	@echo "make setup   make .venv from the lock (quick when it is already so)"
	@echo "make demo    start the platform, an example county, three nights, the worklist"
	@echo "make up      start or mend the platform on this machine"
	@echo "make down    stop it"
	@echo "make test    lint, then every test"
	@echo "make lint    ruff, mypy and the rooms' import contracts"
	@echo "make check-build   the check that a partner runs on its own machine, as one file"
	@echo "make races   a thousand people claim for one family at once"
	@echo "make year    365 nights of claims, each proved at the end from the landed files (hours; YEAR='--every 14' is shorter)"
	@echo "make faults  every kind of fault at full length, a line for each (long; FAULTS=--quick for a short look)"
	@echo "make bench   measurements beside other tools"
	@echo "make spark   the matching model's settings on Splink's local Spark: the same pairs and weights"

setup:
	@.ci/setup

demo: setup
	@$(BIN)/tfi demo

up: setup
	@$(BIN)/tfi up

down: setup
	@$(BIN)/tfi down

lint: setup
	@echo "ruff" && $(BIN)/ruff check .
	@echo "mypy" && $(BIN)/mypy
	@echo "import contracts" && $(BIN)/lint-imports

test: lint
	@echo "tests" && $(BIN)/python -m pytest --durations=15 -v --tb=short $(AT_ONCE)

check-build: setup
	@$(BIN)/tfi check-build build/tfi-check.pyz

races: setup
	@TFI_RACES=1000 $(BIN)/python -m pytest tests/claim/test_races.py -v

year: setup
	@$(BIN)/python tests/year/run.py $(YEAR)

bench: setup
	@$(BIN)/python bench/run.py

spark: setup
	@$(BIN)/python bench/spark.py

faults: setup
	@$(BIN)/python tests/faults/run.py $(FAULTS)
