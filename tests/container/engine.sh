#!/usr/bin/env bash
# A Docker engine of its own for tests, and a base image that needs no registry: Debian's Python, on Debian, as root.
#
#   engine.sh start | base | stop
set -euo pipefail
home=${DOCKER_TEST_HOME:-/tmp/sslgrid-docker}
export DOCKER_HOST=unix://$home/engine.sock DOCKER_BUILDKIT=1
docker=/usr/bin/docker # Debian's, which builds without a plugin

needs() {
    [ -x /usr/sbin/dockerd ] && [ -x "$docker" ] && command -v mmdebstrap >/dev/null && return
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null ||
        { echo "tests/container needs docker.io and mmdebstrap, or root on Debian to install them" >&2; exit 1; }
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends docker.io mmdebstrap >/dev/null
}

start() {
    needs
    stop
    mkdir -p "$home"
    setsid nohup dockerd --host "$DOCKER_HOST" --data-root "$home/data" --exec-root "$home/exec" --pidfile "$home/engine.pid" \
        --storage-driver=overlay2 --iptables=false --ip6tables=false --ip-forward=false --bridge=none \
        >"$home/engine.log" 2>&1 </dev/null &
    for _ in $(seq 150); do
        "$docker" info >/dev/null 2>&1 && return
        sleep 0.2
    done
    tail -n 20 "$home/engine.log" >&2
    exit 1
}

base() { # with the certificates that this machine trusts, for pip behind a proxy
    [ -s "$home/base.tar" ] || mmdebstrap --quiet --variant=minbase \
        --include=ca-certificates,python3,python3-venv,python3-pip,python3-dev,python-is-python3 \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' \
        --customize-hook='rm -f "$1"/usr/lib/python3.11/EXTERNALLY-MANAGED' \
        bookworm "$home/base.tar" /etc/apt/sources.list.d/debian.sources
    "$docker" import "$home/base.tar" sslgrid-test/debian >/dev/null
    mkdir -p "$home/base"
    cp /etc/ssl/certs/ca-certificates.crt "$home/base/"
    printf '%s\n' 'FROM sslgrid-test/debian' 'COPY ca-certificates.crt /etc/ssl/certs/ca-certificates.crt' \
        'ENV PIP_CERT=/etc/ssl/certs/ca-certificates.crt SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt' >"$home/base/Dockerfile"
    "$docker" build --quiet --tag sslgrid-test/base "$home/base" >/dev/null
}

stop() {
    [ -s "$home/engine.pid" ] || return 0
    local pid; pid=$(cat "$home/engine.pid")
    kill "$pid" 2>/dev/null || true
    for _ in $(seq 100); do
        grep -qs '^State:[[:space:]]*[A-Y]' "/proc/$pid/status" || break
        sleep 0.1
    done
    umount "$home/exec/netns/default" 2>/dev/null || true
}

case $1 in
start | base | stop) "$1" ;;
*) echo "usage: engine.sh start | base | stop" >&2; exit 1 ;;
esac
