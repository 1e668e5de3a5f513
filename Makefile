# Onramp. `make` alone lists the targets; CONTRIBUTING.md says when to use which.

GO       ?= go
VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
FUZZTIME ?= 2m
TIMEOUT  ?= 60m
# Flags for `go test`, as in: make test-go TESTFLAGS='-run TestLag -v'
TESTFLAGS ?=
# Packages for test-go, lint and cover, as in: make test-go PKGS=./internal/store/...
PKGS ?= ./...

export GO

.DEFAULT_GOAL := help
.PHONY: help setup build gen test test-go lint fmt bench bench-fabric fuzz cover clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install what the tests use (Debian, root) and fetch the Go modules
	scripts/install-test-deps
	$(GO) mod download

build: ## Build bin/onramp, one static binary
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '-s -w -X main.release=$(VERSION)' -o bin/onramp ./cmd/onramp

gen: ## Regenerate everything that is generated: wire types, tables and diagrams in the docs
	$(GO) generate ./...

test: ## Run everything: install what is missing, lint, all tests, nothing from the cache
	scripts/install-test-deps
	@$(MAKE) --no-print-directory lint
	scripts/test-go -timeout $(TIMEOUT) -count=1 -vet=off $(TESTFLAGS) $(PKGS)

test-go: ## Run the tests alone; what this machine cannot prove is skipped, loudly
	scripts/test-go -timeout $(TIMEOUT) $(TESTFLAGS) $(PKGS)

lint: ## gofmt, go vet, staticcheck and the laws of the house
	scripts/lint $(PKGS)

fmt: ## Format the Go files
	gofmt -w cmd internal test

bench: ## Measure throughput beside its limit, in one run (BENCHFLAGS=...)
	scripts/bench $(BENCHFLAGS)

bench-fabric: ## Measure real routers: BGP beside GoBGP alone, and a thousand interfaces (ROUNDS=5)
	scripts/bench-fabric $(ROUNDS)

fuzz: ## Run every fuzz target for FUZZTIME (2m each)
	scripts/fuzz $(FUZZTIME) $(PKGS)

cover: ## Write coverage to bin/cover.out and print the total
	@mkdir -p bin
	$(GO) test -timeout $(TIMEOUT) -coverpkg=./internal/...,./cmd/... -coverprofile=bin/cover.out $(TESTFLAGS) $(PKGS)
	$(GO) tool cover -func=bin/cover.out | tail -n 1

clean: ## Remove what was built
	rm -rf bin dist
