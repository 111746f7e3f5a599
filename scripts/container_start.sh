#!/bin/sh
# What a container does first: make sure that it runs the mounted source in the environment which that source asks for.
set -eu
if [ ! -e Snakefile ]; then
    echo "sslgrid: no source in $PWD: docker run --volume \"\$PWD\":/sslgrid ..., from the repository's folder" >&2
    exit 1
fi
if ! cmp --silent requirements.lock /opt/sslgrid/requirements.lock; then
    echo "sslgrid: this image was built from another requirements.lock than the mounted one: make image" >&2
    exit 1
fi
exec "$@"
