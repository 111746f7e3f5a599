# The environment of the lock, and nothing else: the source is mounted, so the image does not go stale.
#
#   docker build --tag sslgrid .
#   docker run --rm --user "$(id -u):$(id -g)" --volume "$PWD":/sslgrid sslgrid
FROM python:3.11-slim-bookworm

# One layer of pinned packages: requirements.lock is the same that `make` installs from. TORCH_INDEX may name an index
# with CPU-only builds of torch.
ARG TORCH_INDEX=""
COPY requirements.lock pyproject.toml /tmp/lock/
RUN pip install --no-cache-dir --require-hashes -r /tmp/lock/requirements.lock \
    && torch=$(sed -n 's/.*"\(torch==[^"]*\)".*/\1/p' /tmp/lock/pyproject.toml) \
    && pip install --no-cache-dir ${TORCH_INDEX:+--index-url "$TORCH_INDEX"} "$torch" \
    && rm -r /tmp/lock

# Any user may run it, so what libraries cache goes where any user may write.
ENV HOME=/tmp \
    MPLCONFIGDIR=/tmp/matplotlib \
    NUMBA_CACHE_DIR=/tmp/numba \
    XDG_CACHE_HOME=/tmp/cache \
    PYTHONUNBUFFERED=1
WORKDIR /sslgrid
USER 1000:1000
CMD ["snakemake"]
