#!/usr/bin/env bash
# A real SLURM on one Debian machine, for tests: a controller, a node with two GPUs that are none. Needs root; installs what
# it lacks. It writes /etc/slurm, so it does not touch a machine that has a cluster's configuration there.
#
#   one_node.sh start | stop | restart_controller
set -euo pipefail
home=${SLURM_TEST_HOME:-/tmp/sslgrid-one-node}
cores=$(nproc)
mark='# made by sslgrid tests/cluster'

needs() {
    command -v slurmctld slurmd sbatch munged >/dev/null && return
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null ||
        { echo "tests/cluster needs SLURM (slurmctld, slurmd, slurm-client, munge), or root on Debian to install it" >&2; exit 1; }
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends slurmctld slurmd slurm-client munge >/dev/null
}

end() { # the process that a file names, and wait until it has gone
    [ -s "$1" ] || return 0
    local pid; pid=$(cat "$1")
    kill "$pid" 2>/dev/null || true
    for _ in $(seq 100); do
        grep -qs '^State:[[:space:]]*[A-Y]' "/proc/$pid/status" || return 0 # gone, or a zombie
        sleep 0.1
    done
}

configure() {
    if [ -s /etc/slurm/slurm.conf ] && ! grep -qxF "$mark" /etc/slurm/slurm.conf; then
        echo "/etc/slurm/slurm.conf is there and not ours: this machine is part of a cluster; nothing was changed" >&2
        exit 1
    fi
    rm -rf "$home"
    mkdir -p "$home"/{state,spool,log,dev} /etc/slurm
    # Character devices, so that SLURM hands them out and sets CUDA_VISIBLE_DEVICES.
    mknod "$home/dev/nvidia0" c 1 3
    mknod "$home/dev/nvidia1" c 1 3
    printf '%s\n' AutoDetect=off "Name=gpu File=$home/dev/nvidia[0-1]" >/etc/slurm/gres.conf
    local host; host=$(hostname -s)
    cat >/etc/slurm/slurm.conf <<CONF
$mark
ClusterName=sslgrid
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
SlurmctldPort=16817
SlurmdPort=16818
StateSaveLocation=$home/state
SlurmdSpoolDir=$home/spool
SlurmctldPidFile=$home/slurmctld.pid
SlurmdPidFile=$home/slurmd.pid
SlurmctldLogFile=$home/log/slurmctld.log
SlurmdLogFile=$home/log/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
MpiDefault=none
ReturnToService=2
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=2,bf_interval=2,batch_sched_delay=0
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
MinJobAge=3600
KillWait=10
GresTypes=gpu
NodeName=$host NodeAddr=127.0.0.1 Sockets=1 CoresPerSocket=$cores ThreadsPerCore=1 RealMemory=8000 Gres=gpu:2 State=UNKNOWN
PartitionName=main Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
}

ready() { # wait for the node
    local end=$((SECONDS + 60)) # by the clock: without a controller each look takes ten seconds
    while [ $SECONDS -lt $end ]; do
        [[ "$(sinfo --noheader --format=%T 2>/dev/null)" =~ ^(idle|mixed|allocated)$ ]] && return
        sleep 0.1
    done
    tail -n 20 "$home"/log/*.log >&2
    exit 1
}

munge() {
    [ -s /etc/munge/munge.key ] || /usr/sbin/mungekey --create
    install -d -o munge -g munge -m 0755 /run/munge
    command munge --no-input >/dev/null 2>&1 && return
    pkill -x munged && sleep 1 # one that outlived its package has another key
    setpriv --reuid=munge --regid=munge --init-groups /usr/sbin/munged
}

stop() { # and leave no configuration behind: without its controller every client waits for it, snakemake among them
    end "$home/slurmd.pid"
    end "$home/slurmctld.pid"
    grep -qsxF "$mark" /etc/slurm/slurm.conf && rm /etc/slurm/{slurm,gres}.conf
    return 0
}

case $1 in
start) needs; stop; configure; munge; slurmctld; slurmd; ready ;;
stop) stop ;;
restart_controller) end "$home/slurmctld.pid"; sleep "${2:-5}"; slurmctld; ready ;;
*) echo "usage: one_node.sh start | stop | restart_controller [SECONDS AWAY]" >&2; exit 1 ;;
esac
