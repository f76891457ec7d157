# Voordeur. Two commands matter: `make run` and `make test`.
#
# Nothing is rebuilt that did not change: internal/tools/once keeps a digest of what each step was made of.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

APPS := frontend-portal frontend-office
MODULES := $(APPS) deployments/postgres
ONCE := internal/tools/once
GO_INPUTS := go.mod go.sum api cmd internal openapi frontend-portal/dist.go frontend-office/dist.go
GOLANGCI_VERSION := $(shell awk '$$1 == "github.com/golangci/golangci-lint/v2" {print $$2}' internal/tools/go.mod)
GOLANGCI := $(CURDIR)/.cache/bin/golangci-lint-$(GOLANGCI_VERSION)

DATA := $(or $(VOORDEUR_DATA_DIR),$(CURDIR)/.data)
# npm keeps quiet about funding and audits, and the browser of the journeys is the system's.
export npm_config_fund := false
export npm_config_audit := false
export npm_config_update_notifier := false
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1

## run: build what changed and start everything, with a demo in it
.PHONY: run
run: bin/voordeur
	@VOORDEUR_DATA_DIR="$(DATA)" VOORDEUR_DEMO=$${VOORDEUR_DEMO:-1} VOORDEUR_LOG_LEVEL=$${VOORDEUR_LOG_LEVEL:-warn} exec bin/voordeur serve

## reset: throw away the data of `make run` (database, documents, mail, logins)
.PHONY: reset
reset:
	@internal/tools/reset "$(DATA)"

## build: bin/voordeur, one file with both apps in it
.PHONY: build
build: bin/voordeur

.PHONY: bin/voordeur
bin/voordeur: modules $(APPS:%=app/%)
	@$(ONCE) voordeur $(GO_INPUTS) $(APPS:%=.cache/once/app-%) +bin/voordeur -- internal/tools/build-server

.PHONY: need
need:
	@internal/tools/need

# PostgreSQL for development and the modules of both apps, exactly as their lock files say.
.PHONY: modules $(MODULES:%=modules/%)
modules: $(MODULES:%=modules/%)
$(MODULES:%=modules/%): modules/%: need
	@$(ONCE) modules-$(subst /,-,$*) $*/package.json $*/package-lock.json +$*/node_modules -- internal/tools/install $*

.PHONY: $(APPS:%=app/%)
$(APPS:%=app/%): app/%: modules/%
	@$(ONCE) app-$* $* openapi/portal.json openapi/office.json .cache/once/modules-$* +$*/dist/index.html -- internal/tools/build-app $*

## generate: the OpenAPI documents from the code, and each app's client from them
.PHONY: generate
generate: modules
	@go run ./cmd/openapi
	for app in $(APPS); do (cd $$app && npm run --silent generate); done

## test: everything CI runs
.PHONY: test
test:
	@internal/tools/test

## check: the quick part of `make test`: format, lint, generated files, types
.PHONY: check
check:
	@internal/tools/test static

## journeys: only the browser journeys (after a build)
.PHONY: journeys
journeys: bin/voordeur
	@internal/tools/need chromium
	internal/tools/journeys.mjs

## test-mutants: take out one check after the other, and see the tests turn red (takes a quarter of an hour)
.PHONY: test-mutants
test-mutants: modules
	@VOORDEUR_MUTANTS='$(or $(ONLY),all)' go run ./cmd/testdb -- go test -count=1 -timeout 90m -v -run TestMutants ./internal/mutants | grep -v '^=== '

## fmt: format the Go code
.PHONY: fmt
fmt: $(GOLANGCI)
	@$(GOLANGCI) fmt

## lint: golangci-lint
.PHONY: lint
lint: $(GOLANGCI)
	@$(GOLANGCI) run --allow-parallel-runners

$(GOLANGCI): internal/tools/go.mod
	@mkdir -p .cache/bin
	echo "Building golangci-lint $(GOLANGCI_VERSION), once"
	(cd internal/tools && GOBIN="$(CURDIR)/.cache/bin" go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint)
	mv .cache/bin/golangci-lint $@

## bench: measure reads, writes and starts against the limit, and write docs/benchmarks.md
.PHONY: bench
bench: bin/voordeur
	@go run ./cmd/bench

.PHONY: help
help:
	@sed -n 's/^## //p' $(firstword $(MAKEFILE_LIST)) | awk -F': ' '{printf "  make %-12s %s\n", $$1, $$2}'
