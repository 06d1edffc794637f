# What can be made here; `make` alone prints it.
.DEFAULT_GOAL := help
VERSION := $(shell git describe --tags --always 2>/dev/null || echo dev)
COMMIT := $(shell git rev-parse HEAD 2>/dev/null)
STATICCHECK := go run honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK := go run golang.org/x/vuln/cmd/govulncheck@v1.1.4
CYCLONEDX := go tool -modfile=deploy/tools.mod cyclonedx-gomod

help: ## Print this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

run: ## Start the sandbox
	go run . sandbox

test: ## Run all tests
	go test ./...

race: ## Run all tests with the race detector
	go test -race ./...

check: ## Formatting, vet, staticcheck, modules
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo "these files need gofmt"; exit 1; }
	go vet ./...
	$(STATICCHECK) ./...
	go mod tidy -diff
	go mod verify

bench: ## Run the benchmarks, with allocations
	go test -run '^$$' -bench . -benchmem ./...

load: build ## Measure the bot beside its peers and write docs/PERFORMANCE.md; two cores, about ten minutes
	go run -exec "taskset -c 1" ./deploy/load -bot ./communitybot -core 0 -out docs/PERFORMANCE.md $(LOADFLAGS)

growth: build ## Measure the bot on 1,000, 100,000 and 5,000,000 requests; 10 GB of disk, an hour
	go run -exec "taskset -c 1" ./deploy/load -bot ./communitybot -core 0 -growth 1000,100000,5000000 $(LOADFLAGS)

fuzz: ## Run every fuzz target for a minute
	@grep -rl --include='*_test.go' 'func Fuzz' . | xargs -n1 dirname | sort -u | while read -r dir; do \
	  for target in $$(grep -rhoE 'func Fuzz[A-Za-z]+' $$dir/*_test.go | cut -c6-); do \
	    go test -run '^$$' -fuzz "^$$target$$" -fuzztime 1m -fuzzminimizetime 5x $$dir || exit 1; done; done

peers: ## Install the clients that others wrote, for the tests and the load
	cd adapters/peers && npm ci --ignore-scripts --no-fund --no-audit
	cd deploy/load/peers && npm ci --no-fund --no-audit

crash: ## Kill the bot 500 times, at every step and at random, and count what came of every submission
	go test ./deploy -run TestKilledAtAnyMoment -v -count 1 -timeout 25m -kills 500

chaos: ## Kill and freeze replicas, cut and restart their Postgres, 64 times, and count what came of every submission
	go test ./deploy -run 'TestReplicasInChaos|TestTheGatewayMoves' -v -count 1 -timeout 60m -chaos 64 -frost 1m

endure: ## Ask for 10,000 communities while everything fails now and then
	go test ./deploy -run TestLoadWhileThingsFail -v -count 1 -timeout 15m -submissions 10000

screenshots: ## Take the pictures of the README from what the page shows now
	go test ./deploy -run TestThePicturesOfTheReadme -count 1 -screenshots docs

golden: ## Rewrite the golden files from what is drawn now
	go test ./adapters/... -update

manifests: ## Rewrite the Slack manifests from what register prints
	PUBLIC_URL=https://bot.example.com go run . register > deploy/slack-manifest.json
	SLACK_BOT_TOKEN=xoxb-1 SLACK_APP_TOKEN=xapp-1 PUBLIC_URL= go run . register > deploy/slack-manifest-socket.json

licences: ## List the licences of all that is in the program
	@mkdir -p docs
	go run ./deploy/licences > docs/LICENCES.md.new && mv docs/LICENCES.md.new docs/LICENCES.md

vulnerabilities: ## Look for known vulnerabilities in what the program calls; asks vuln.go.dev
	$(GOVULNCHECK) ./...

sbom: build ## Build the binary with its bill of materials, in CycloneDX
	$(CYCLONEDX) bin -json -std -licenses -version $(VERSION) -output communitybot.cdx.json communitybot

build: ## Build a static binary
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=$(VERSION) -X main.commit=$(COMMIT)" -o communitybot .

image: ## Build the container image
	docker build -t communitybot --build-arg VERSION=$(VERSION) --build-arg COMMIT=$(COMMIT) .

.PHONY: growth licences vulnerabilities sbom help run test race check bench load fuzz crash chaos endure peers screenshots golden manifests build image
