# Doors: `make figures`, `make review`, `make test` and `make bench`. Each sets up what it needs and then goes straight to work.
#
#   PYTHON=python3.12 make figures      use another Python (>= 3.11)
#   PIP_ARGS='--index-url URL'          e.g. an index with CPU-only builds of torch, to save a large download

PYTHON ?= python3
PIP_ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
TORCH := $(shell sed -n 's/.*"\(torch==[^"]*\)".*/\1/p' pyproject.toml)
TRITON := $(shell sed -n 's/.*"\(triton==[^";]*\).*/\1/p' pyproject.toml)

.PHONY: figures test test-cluster test-container test-faults bench review image setup clean

figures: setup
	$(BIN)/snakemake

bench: setup
	$(BIN)/snakemake bench

test: setup $(VENV)/.triton
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --durations 20 # files side by side

# What `make test` leaves out, for it takes root on Debian, and minutes: a real SLURM, a container engine, faults of all kinds.
test-cluster test-container: setup
	$(BIN)/python -m pytest tests/$(@:test-%=%) --capture no

test-faults: setup
	$(BIN)/python -m pytest tests/faults --numprocesses 2 --dist worksteal

# Figures and claims from the released networks, without training, in a folder of its own: results/review.md
review: setup
	mkdir -p review results
	$(BIN)/snakemake --directory review --configfile studies/review.yaml --config released=$(CURDIR)/released -- review
	cp review/results/review.md results/review.md

# The container image: VARIANT=cpu or cuda; BUILD_ARGS for docker, e.g. '--build-arg BASE=...'.
VARIANT ?= cpu
BUILD_ARGS ?=
image:
	docker build --tag sslgrid$(if $(filter cuda,$(VARIANT)),:cuda) --build-arg VARIANT=$(VARIANT) \
	    --build-arg VERSION=$(shell sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml) \
	    --build-arg COMMIT=$(shell git describe --always --dirty --abbrev=40 --exclude '*') $(BUILD_ARGS) .

setup: $(READY)

# Everything but torch is pinned with hashes; torch by version, because its wheels differ per machine. The lock is
# complete, and what it holds may ask for torch, which is not in it: hence --no-deps. pip would compile every package's tests
# too, on one core.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "sslgrid needs Python >= 3.11: PYTHON=python3.11 make $(MAKECMDGOALS)" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --no-compile --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-compile $(PIP_ARGS) $(TORCH)
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/python -m pip check
	$(BIN)/python -m compileall -q -j 0 -x '/tests/|/torch/testing/_internal/' $(VENV)/lib
	touch $@

# The GPU's kernels are tested in Triton's interpreter. torch's CUDA build has brought Triton already; macOS has none.
$(VENV)/.triton: $(READY)
	$(BIN)/python -c 'import triton' 2>/dev/null || [ "$$(uname)" != Linux ] || \
	    $(BIN)/python -m pip install --quiet $(PIP_ARGS) $(TRITON)
	touch $@

clean: # everything that a run makes; the environment stays
	rm -rf results/* review paper paper_fast checkpoints logs benchmarks .snakemake report.html
	git checkout -- results 2>/dev/null || true
