#!/usr/bin/env bash
# Pin everything but torch, with hashes, for every Python >= 3.11 and platform: requirements.lock. What `make docs` needs
# beside it is in requirements-docs.lock.
#
# torch stays out (an override removes it) because its wheels differ per machine: a CPU build here, a CUDA build
# there, each with hashes and companions of its own. It is pinned by version in pyproject.toml and installed after
# the lock, whose last block therefore holds the pure Python packages that every build of torch imports.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v uv >/dev/null || { echo "lock.sh needs uv: pip install uv" >&2; exit 1; }
without_torch=$(mktemp) && trap 'rm -f "$without_torch"' EXIT
echo 'torch ; python_version < "3"' >"$without_torch"
printf '%s\n' filelock typing-extensions networkx sympy jinja2 fsspec |
    uv pip compile pyproject.toml - --extra dev --override "$without_torch" \
        --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet -o requirements.lock

# The site's generator, at the versions that requirements.lock has of what both need.
sed -n 's/.*"\(mkdocs[^"]*\)".*/\1/p' pyproject.toml |
    uv pip compile - --constraint <(grep -E '^[a-z0-9].*==' requirements.lock | sed 's/ *\\$//') \
        --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet -o requirements-docs.lock
