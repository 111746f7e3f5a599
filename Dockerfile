# The environment of the lock, and nothing else: the source is mounted, so the image holds no copy of it to go stale.
#
#   make image                                    for processors, named sslgrid
#   make image VARIANT=cuda                       for NVIDIA's GPUs, named sslgrid:cuda
#   docker run --rm --user "$(id -u):$(id -g)" --volume "$PWD":/sslgrid sslgrid
#   docker run --rm --user "$(id -u):$(id -g)" --volume "$PWD":/sslgrid --gpus all sslgrid:cuda
#
# Where the base cannot be had, another image with Python 3.11 and pip may stand in: --build-arg BASE=...
ARG BASE=python:3.11-slim-bookworm@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b
FROM ${BASE}

ARG VARIANT=cpu
# Triton, which torch's CUDA build brings, compiles the GPU's kernels when they start: it needs a C compiler.
RUN case "$VARIANT" in \
      cpu) ;; \
      cuda) apt-get update \
            && apt-get install --yes --no-install-recommends gcc libc6-dev \
            && rm -rf /var/lib/apt/lists/* ;; \
      *) echo "VARIANT is '$VARIANT'; expected cpu or cuda" >&2; exit 1 ;; \
    esac

# What `make` installs, from the same lock. torch is pinned by version, because its builds differ; TORCH_ARGS says where a
# build is: by default an index of CPU builds for cpu, and for cuda the usual index, whose builds for Linux are for CUDA.
ARG TORCH_ARGS=""
COPY requirements.lock pyproject.toml /opt/sslgrid/
RUN pip install --no-cache-dir --no-deps --require-hashes --requirement /opt/sslgrid/requirements.lock \
    && if [ "$VARIANT" = cpu ]; then TORCH_ARGS="${TORCH_ARGS:---index-url https://download.pytorch.org/whl/cpu}"; fi \
    && pip install --no-cache-dir $TORCH_ARGS "$(sed -n 's/.*"\(torch==[^"]*\)".*/\1/p' /opt/sslgrid/pyproject.toml)"
COPY --chmod=755 scripts/container_start.sh /opt/sslgrid/start

# Any user may run it, known to the image or not: caches go where any user may write, and users have a name.
ENV HOME=/tmp \
    USER=sslgrid \
    LOGNAME=sslgrid \
    MPLCONFIGDIR=/tmp/matplotlib \
    NUMBA_CACHE_DIR=/tmp/numba \
    TRITON_CACHE_DIR=/tmp/triton \
    XDG_CACHE_HOME=/tmp/cache \
    PYTHONUNBUFFERED=1
WORKDIR /sslgrid
USER 1000:1000
ENTRYPOINT ["/opt/sslgrid/start"]
CMD ["snakemake"]

# Last, for they change with each commit, and the layers above do not.
ARG VERSION=unknown
ARG COMMIT=unknown
LABEL org.opencontainers.image.title="sslgrid" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$COMMIT" \
      org.opencontainers.image.description="Environment of sslgrid, $VARIANT; mount the source at /sslgrid"
