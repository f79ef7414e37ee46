# What a contributor runs. `make` alone lists the targets.
.DEFAULT_GOAL := help
bin := .venv/bin

help:  ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

setup:  ## make .venv with everything for development
	python3 -m venv .venv && $(bin)/pip install -q -e '.[dev]'

test:  ## run the tests
	$(bin)/pytest

lint:  ## check style and types
	$(bin)/ruff check . && $(bin)/ruff format --check . && $(bin)/mypy

format:  ## put the code into shape
	$(bin)/ruff check --fix . ; $(bin)/ruff format .

generate:  ## make the phrase index and the rule reference anew
	$(bin)/python -m dehusk.phrases.build
	$(bin)/dehusk rules ALL > docs/rules.md

ci:  ## everything that must hold before a change lands
	.ci/run

.PHONY: help setup test lint format generate ci
