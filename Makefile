# Doors: `make first`, `make figures`, `make review`, `make paper`, `make test` and `make bench`. Each sets up what it needs
# and then goes straight to work.
#
#   PYTHON=python3.12 make figures      use another Python (>= 3.11)
#   TORCH_BUILD=cuda make setup         torch's CUDA build (gigabytes); default: auto, which takes it where nvidia-smi
#                                       lists a GPU, and elsewhere the build for processors (TORCH_BUILD=cpu)
#   PIP_ARGS='--index-url URL'          torch from another package index
#   ARGS='--cores 2'                    further arguments for snakemake

PYTHON ?= python3
PIP_ARGS ?=
TORCH_BUILD ?= auto
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
TORCH := $(shell sed -n 's/.*"\(torch==[^"]*\)".*/\1/p' pyproject.toml)
PYRIGHT := $(shell sed -n 's/^types = \["\([^"]*\)".*/\1/p' pyproject.toml)
TRITON := $(shell sed -n 's/.*"\(triton==[^";]*\).*/\1/p' pyproject.toml)
# A pip.conf or a shell that asks for installations elsewhere would keep packages out of .venv.
export PIP_USER := 0
unexport PIP_TARGET PIP_PREFIX PYTHONHOME PYTHONPATH
# Snakemake and Triton keep caches in the home folder; where that cannot be written, they are kept here.
ifneq ($(shell [ -w "$$HOME" ] || echo none),)
export XDG_CACHE_HOME ?= $(CURDIR)/.snakemake/cache
export TRITON_CACHE_DIR ?= $(CURDIR)/.snakemake/triton
endif

.PHONY: first figures paper paper_fast test test-long test-browser test-cluster test-container test-faults lint docs bench review review-paper review-localisers image setup clean

# One network and figure 2, in about two minutes.
first: setup
	$(BIN)/snakemake fig2 --config study=studies/first.yaml $(ARGS)

figures: setup
	$(BIN)/snakemake $(ARGS)

# Every figure at the paper's own size, in a folder of its own. It says first what that takes: docs/paper-size.md
paper paper_fast: setup
	$(BIN)/snakemake --directory $@ --config preset=$@ $(ARGS)

bench: setup
	$(BIN)/snakemake bench $(ARGS)

test: lint $(VENV)/.triton
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --durations 20 # files side by side

# What `make test` leaves out because it takes long and guards what seldom breaks: CONTRIBUTING.md lists it.
test-long: setup
	$(BIN)/python -m pytest -m long --numprocesses 2 --dist worksteal --durations 0

# Prose that mdformat wraps, and that is in British English.
PROSE := README.md CONTRIBUTING.md docs
lint: setup $(VENV)/.types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/basedpyright --level error
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/codespell
	$(BIN)/codespell -D scripts/american.txt $(PROSE) workflow/report
	$(BIN)/mdformat --check $(PROSE)

# The pages as a site, with the reference from docstrings: site/index.html. A broken link is an error.
docs: setup
	$(BIN)/python -m pip install --quiet --no-compile --require-hashes -r requirements-docs.lock
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

# What `make test` leaves out, for it takes root on Debian, and minutes: a real SLURM, a container engine, faults of all kinds.
test-cluster test-container: setup
	$(BIN)/python -m pytest tests/$(@:test-%=%) --capture no

# The results page and the report in a real browser: chromium of the system, driven by playwright, in a folder of its own.
BROWSER := $(VENV)/browser
test-browser: setup
	[ -d $(BROWSER) ] || $(BIN)/python -m pip install --quiet --target $(BROWSER) $(PIP_ARGS) playwright
	PYTHONPATH=$(BROWSER) $(BIN)/python -m pytest tests/browser -rs

test-faults: setup
	$(BIN)/python -m pytest tests/faults --numprocesses 2 --dist worksteal

# Figures and claims from the released networks, without training, in a folder of its own: results/review.md
review: setup
	$(BIN)/snakemake --directory review --configfile studies/review.yaml --config released=released -- review results_page
	mkdir -p results
	cp review/results/review.md results/review.md

# The same for the networks of the paper's own size.
review-paper: setup
	$(BIN)/snakemake --directory review_paper --configfile studies/review_paper.yaml --config released=released_paper \
	    -- review results_page

# The same for localisers: results/review_localisers.md
review-localisers: setup
	$(BIN)/snakemake --directory review_localisers \
	    --configfile studies/cw_paper.yaml studies/cw_fields.yaml studies/review_localisers.yaml \
	    --config released=released_localisers -- review_localisers

# The container image: VARIANT=cpu or cuda; BUILD_ARGS for docker, e.g. '--build-arg BASE=...'.
VARIANT ?= cpu
BUILD_ARGS ?=
DESCRIBE := git -c safe.directory='*' describe --always --dirty --abbrev=40 --exclude '*'
image:
	docker build --tag sslgrid$(if $(filter cuda,$(VARIANT)),:cuda) --build-arg VARIANT=$(VARIANT) \
	    --build-arg VERSION=$(shell sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml) \
	    --build-arg COMMIT="$$($(DESCRIBE) 2>/dev/null || echo unknown)" $(BUILD_ARGS) .

setup: $(READY)

# Everything but torch is pinned with hashes; torch by version, because its wheels differ per machine. The lock is
# complete, and what it holds may ask for torch, which is not in it: hence --no-deps. pip would compile every package's tests
# too, on one core.
$(READY): requirements.lock pyproject.toml
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "sslgrid needs Python >= 3.11: PYTHON=python3.11 make $(MAKECMDGOALS)" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || \
	    { echo "sslgrid needs Python's venv, which Debian and Ubuntu package apart: apt install python3-venv" >&2; exit 1; }
	"$(PYTHON)" -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --no-compile --no-deps --require-hashes -r requirements.lock
	torch=$$(PYTHONPATH=src $(BIN)/python scripts/torch_build.py $(TORCH) --build "$(TORCH_BUILD)" \
	    --pip-args "$(PIP_ARGS)") && eval "$(BIN)/python -m pip install --quiet --no-compile $$torch"
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/python -m pip check
	$(BIN)/python -m compileall -q -j 0 -x '/tests/|/torch/testing/_internal/' $(VENV)/lib src
	touch $@

# The GPU's kernels are tested in Triton's interpreter. torch's CUDA build has brought Triton already; macOS has none.
$(VENV)/.triton: $(READY)
	$(BIN)/python -c 'import triton' 2>/dev/null || [ "$$(uname)" != Linux ] || \
	    $(BIN)/python -m pip install --quiet $(PIP_ARGS) $(TRITON)
	touch $@

# The checker of types brings its own node, which only those who change the code need.
$(VENV)/.types: $(READY)
	$(BIN)/python -m pip install --quiet $(PIP_ARGS) $(PYRIGHT)
	touch $@

# Everything that a run makes, and compiled code, which a full disk may have damaged; the environment stays.
clean:
	rm -rf results/* review review_paper paper paper_fast checkpoints logs benchmarks .snakemake report.html site
	find src -name '*.nb[ic]' -delete
	git checkout -- results 2>/dev/null || true
