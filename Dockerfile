# The environment of the lock, and nothing else: the source is mounted, so the image does not go stale.
#
#   docker build --tag sslgrid .
#   docker run --rm --user "$(id -u):$(id -g)" --volume "$PWD":/sslgrid sslgrid
FROM python:3.11-slim-bookworm

# One layer of pinned packages: requirements.lock is the same that `make` installs from. PIP_ARGS is for torch, as in
# the Makefile: e.g. --build-arg PIP_ARGS="--index-url <an index of CPU builds>".
ARG PIP_ARGS=""
COPY requirements.lock pyproject.toml /tmp/lock/
RUN pip install --no-cache-dir --no-deps --require-hashes -r /tmp/lock/requirements.lock \
    && torch=$(sed -n 's/.*"\(torch==[^"]*\)".*/\1/p' /tmp/lock/pyproject.toml) \
    && pip install --no-cache-dir $PIP_ARGS "$torch" \
    && rm -r /tmp/lock

# Any user may run it, known to the image or not, so caches go where any user may write, and users have a name.
ENV HOME=/tmp \
    USER=sslgrid \
    LOGNAME=sslgrid \
    MPLCONFIGDIR=/tmp/matplotlib \
    NUMBA_CACHE_DIR=/tmp/numba \
    XDG_CACHE_HOME=/tmp/cache \
    PYTHONUNBUFFERED=1
WORKDIR /sslgrid
USER 1000:1000
CMD ["snakemake"]
