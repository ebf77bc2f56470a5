# What a newcomer types: make demo, make test. Everything else is for who works on Tacit.

SHELL = /bin/bash
SWIFT ?= swift
# Without what a debugger reads, which takes a tenth of compiling and is not in the command.
RELEASE = -c release -debug-info-format none
ifeq ($(shell uname),Linux)
# The process starts in half the time, and the binary needs no Swift runtime beside it and has no symbols.
RELEASE += --static-swift-stdlib -Xlinker -s -Xlinker --build-id=none
# Bytes. A larger one has brought something along that it does not need: ICU's data alone are 34 MB.
LARGEST = 30000000
endif
TESTS = .build-test
INTEROP = .build/interop
COMPARE = .build/compare-python
WEB = .build/web-python
EVM = .build/evm
EXAMPLES = Examples/.build/release

.PHONY: demo demo-chain build library test-library wheel dist test-python notebook test-signing test mutants fuzz altered distinguisher verifiers wasm test-web test-chain examples docs interop bench compare format deps

# Sees a real digit classified, proven, verified, and a tampered proof refused.
demo: build
	@.build/release/tacit demo

# Sees one verified by a contract, on a chain for tests: Contracts/devchain.
demo-chain: build $(EVM)/ready
	@cd Contracts && $(CURDIR)/$(EVM)/bin/python -m demo $(CURDIR)/.build/release/tacit

# .build/release/tacit
build: deps
	$(SWIFT) build $(RELEASE) --product tacit
ifdef LARGEST
	@test "$$(wc -c < .build/release/tacit)" -le $(LARGEST) || \
	  { echo "make build: the command has more than $(LARGEST) bytes" >&2; exit 1; }
endif

# libtacit.so.1 for programs in any language, from the objects of the command; Linux.
LIBRARY = .build/library
library: build
	@sh Scripts/library.sh .build/release $(LIBRARY)/libtacit.so.1
	@test "$$(wc -c < $(LIBRARY)/libtacit.so.1)" -le 25000000 || \
	  { echo "make library: it has more than 25,000,000 bytes" >&2; exit 1; }

# What a program in C has of it.
test-library: library
	@sh Scripts/library-test.sh $(LIBRARY)/libtacit.so.1

# The Python package; then also the command and the library as archives, checksums, and a bill of materials.
DIST = .build/dist
TOOLS = .build/python-tools
wheel: library $(TOOLS)/ready
	@$(TOOLS)/bin/python Scripts/dist.py wheel .build/release $(LIBRARY)/libtacit.so.1 $(DIST)
dist: library $(TOOLS)/ready
	@$(TOOLS)/bin/python Scripts/dist.py all .build/release $(LIBRARY)/libtacit.so.1 $(DIST)

# The wheel's own tests, in an empty environment of each Python that there is; and its notebook, cell by cell.
test-python: wheel
	@sh Scripts/python-tests.sh $(DIST)/*.whl .build/python
NOTEBOOK = .build/notebook
notebook: wheel $(NOTEBOOK)/ready
	@$(NOTEBOOK)/bin/python -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps $(DIST)/*.whl
	@$(NOTEBOOK)/bin/python Python/notebooks/run.py Python/notebooks/digits.ipynb

# A key in a model's folder that is signed: OpenSSF Model Signing, from PyPI.
SIGNING = .build/signing
test-signing: build $(SIGNING)/ready
	@sh Scripts/signing-test.sh .build/release/tacit $(SIGNING)/bin/model_signing

# All tests, optimized. A run that found no test fails.
test: deps
	@mkdir -p $(TESTS)
	@set -o pipefail; $(SWIFT) test -c release --scratch-path $(TESTS) 2>&1 | tee $(TESTS)/log
	@grep -Eq 'Test run with [1-9][0-9]* tests' $(TESTS)/log || \
	  { echo "make test: no test ran" >&2; exit 1; }

# Would a test notice if a check were not there? One build, each check left out of it in turn: docs/mutants.md.
mutants: deps
	@python3 Tests/mutants/mutants.py check
	@python3 Tests/mutants/mutants.py make
	@python3 Tests/mutants/mutants.py build
	@python3 Tests/mutants/mutants.py run --jobs 2
	@python3 Tests/mutants/mutants.py table

# Each program of the package in Examples, as a package of anyone's builds and runs it.
examples: deps
	@touch Examples/Package.swift # or files that are new in Sources are not seen
	$(SWIFT) build -c release --package-path Examples
	$(EXAMPLES)/ProveAndVerify Circuits/digits-mlp
	$(EXAMPLES)/Calibrate Circuits/digits-mlp $(EXAMPLES)/digits
	$(EXAMPLES)/VerifierAlone $(EXAMPLES)/digits.verifier $(EXAMPLES)/digits.proof

# The pages of both libraries, for any web server: .build/docs/Tacit/documentation/tacit.
docs: build
	@sh Scripts/docs.sh .build/release .build/docs

# Tacit's integers beside those of LiteRT and onnxruntime, which pip installs into a folder of their own.
interop: build $(INTEROP)/ready
	@$(INTEROP)/bin/python Tests/interop/interop.py .build/release/tacit
	@$(INTEROP)/bin/python Tests/interop/random_networks.py .build/release/tacit

# One JSON line per model, then one per family of sizes.
bench: deps
	@touch Bench/Package.swift # or files that are new in Sources are not seen
	$(SWIFT) run -c release --package-path Bench
	$(SWIFT) run -c release --package-path Bench bench --scaling --runs 5

# Tacit and EZKL, which pip installs into a folder of its own, on the same ONNX files: an hour, up to 20 GiB.
compare: build $(COMPARE)/ready
	@$(COMPARE)/bin/python Bench/compare/compare.py .build/release/tacit

# Every reader of bytes under libFuzzer, SECONDS each; counts are added to Fuzzing/counts.json.
SECONDS ?= 60
fuzz: deps
	@touch Fuzzing/Package.swift # or files that are new in Sources are not seen
	$(SWIFT) build -c release --package-path Fuzzing --sanitize fuzzer
	@python3 Fuzzing/fuzz.py run Fuzzing/.build/release/Fuzz $(SECONDS)

# A million altered proofs; what they did is written to Fuzzing/altered.json.
altered: deps
	TACIT_ALTERED_PROOFS=1000000 TACIT_ALTERED_REPORT=$(CURDIR)/Fuzzing/altered.json \
	  $(SWIFT) test -c release --scratch-path $(TESTS) --filter AlteredProofsTests

# A million proofs of each of two models, compared byte by byte: hours.
distinguisher: deps
	TACIT_DISTINGUISHER=1000000 $(SWIFT) test -c release --scratch-path $(TESTS) --filter DistinguisherTests

# The second verifier's own tests, and both verifiers on a hundred thousand altered keys and proofs: hours.
ALTERED ?= 100000
VECTORS = ../../Tests/Vectors/proofs
verifiers: build
	cd Verifiers/python && python3 -m unittest
	cd Verifiers/python && for name in dense embedding quotient masked-maximum committed-limbs convolution srs-dense; do \
	  python3 differential.py ../../.build/release/tacit $(VECTORS)/$$name.verifier $(VECTORS)/$$name-1.proof \
	    $(VECTORS)/$$name-3.proof --count $$(($(ALTERED) / 7)) --seed 1 || exit 1; done

# The verifier for browsers: .build/wasm/verify.html, tacit.js and tacit.wasm.
wasm:
	@python3 Verifiers/web/build.py

# It in node beside the command, and the page in Chromium, which apt installs as chromium.
CHROMIUM ?= $(shell command -v chromium || command -v google-chrome)
test-web: build wasm $(WEB)/ready
	@node Verifiers/web/test.mjs .build/release/tacit 2000
	@mkdir -p $(WEB)/keys
	@.build/release/tacit compile Circuits/digits-mlp/model-int8-qdq.onnx -o $(WEB)/keys/digits > /dev/null
	@.build/release/tacit prove $(WEB)/keys/digits.prover Circuits/digits-mlp/input.npy -o $(WEB)/keys/digits.proof \
	  --context "session 7" > /dev/null
	@if [ -n "$(CHROMIUM)" ]; then CHROMIUM=$(CHROMIUM) $(WEB)/bin/python Verifiers/web/test_page.py \
	  $(WEB)/keys/digits.verifier $(WEB)/keys/digits.proof; else echo "make test-web: no Chromium, the page was not tried"; fi

# The contract that verifies proofs, in an EVM of Python's: all tests, minutes; with SRS=FILE, powers that `tacit srs` wrote, also gas
# against Contracts/gas.json.
SRS ?=
test-chain: build $(EVM)/ready
	@cd Contracts && $(CURDIR)/$(EVM)/bin/python -m tools.build --check
	@cd Contracts && TACIT=$(CURDIR)/.build/release/tacit $(CURDIR)/$(EVM)/bin/python -W ignore -m unittest discover -t . -s tests
ifneq ($(SRS),)
	@cd Contracts && TACIT=$(CURDIR)/.build/release/tacit $(CURDIR)/$(EVM)/bin/python -m tests.gas $(abspath $(SRS))
else
	@echo "make test-chain: gas is not measured without SRS=FILE"
endif

# Python packages, in a folder of their own.
$(INTEROP)/ready: Tests/interop/requirements.txt
$(COMPARE)/ready: Bench/compare/requirements.txt
$(TOOLS)/ready: Python/requirements-build.txt
$(NOTEBOOK)/ready: Python/requirements-notebook.txt
$(WEB)/ready: Verifiers/web/requirements.txt
$(SIGNING)/ready: Python/requirements-signing.txt
$(EVM)/ready: Contracts/requirements.txt
$(INTEROP)/ready $(COMPARE)/ready $(TOOLS)/ready $(NOTEBOOK)/ready $(WEB)/ready $(SIGNING)/ready $(EVM)/ready:
	python3 -m venv --clear $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

format:
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests Examples Fuzzing
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests Examples Fuzzing

# The headers and libraries of libgmp and zlib: installed by apt or brew when they are missing, else left alone.
deps:
	@sh Scripts/deps.sh
