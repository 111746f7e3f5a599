#!/usr/bin/env bash
# One piece of trainings on a machine that is lent for minutes and keeps nothing:
#
#   scripts/piece.sh STATE MINUTES MODEL.json SEED...
#
# takes up what the folder STATE holds, checks the engine against the plain losses, trains the seeds side by side till the
# time is up or a signal to end comes, and packs. Bring STATE back, and say the same again on a machine of the same kind:
# exit code 75 until all are trained, then 0, with the networks in STATE too. docs/paper-size.md says what it needs there.
# (PYTHON= says which Python; DEVICE=cpu tries it without a GPU; MOST_MIB=64 refuses to begin what will not fit into so much.)
set -euo pipefail
[ $# -ge 4 ] || { sed -n '4p' "$0" >&2; exit 1; }
state=$1 minutes=$2 model=$3
shift 3
device=${DEVICE:-cuda} # not silently the processor
python=${PYTHON:-python}
PYTHONPATH=$(cd "$(dirname "$0")/../src" && pwd)${PYTHONPATH:+:$PYTHONPATH}
export PYTHONPATH
condition=$(basename "$model" .json)
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
"$python" -m sslgrid.commands.check_engine --model "$model" --device "$device"
"$python" -m sslgrid.commands.state_size --model "$model" --seeds $# ${MOST_MIB:+--most-mib "$MOST_MIB"}
[ -z "$(ls -A "$state" 2>/dev/null)" ] || "$python" -m sslgrid.commands.carry unpack --folder "$work" --state "$state"
# Trainings of another config may have the same name.
networks=$work/networks/$condition
mkdir -p "$networks"
[ -e "$networks/model.json" ] || cp "$model" "$networks/model.json"
cmp "$model" "$networks/model.json" >&2 || { echo "$state holds another $condition.json: give it a STATE of its own" >&2; exit 1; }

# What is left for the trainings, with half a minute to pack. 0 is no limit; too little still lets each take a step.
left=$(awk -v m="$minutes" -v s="$SECONDS" 'BEGIN { if (m > 0) { m -= s / 60 + 0.5; if (m < 0.01) m = 0.01 } print m }')
declare -A trainings
# A lender who wants the machine back early, a connection that breaks: the trainings stop with a checkpoint, and are packed.
stopped=0 interrupted=0
trap 'stopped=1 interrupted=1; kill -TERM "${trainings[@]}" 2>/dev/null || true' TERM INT HUP
for seed; do
    network=$networks/seed$seed
    [ ! -e "$network/snapshots.safetensors" ] || continue # the last that `train` writes
    [ $stopped = 0 ] || break
    "$python" -m sslgrid.commands.train --device "$device" --model "$model" --seed "$seed" \
        --weights "$network/weights.safetensors" --history "$network/training.nc" \
        --snapshots "$network/snapshots.safetensors" --checkpoints "$work/checkpoints/$condition/seed$seed" \
        --must-resume --per-gpu $# --time-budget-min "$left" &
    trainings[$seed]=$!
done
ended=$((stopped ? 75 : 0))
for seed in "${!trainings[@]}"; do
    while :; do # `wait` returns at a signal, and a training may have begun since the last
        [ $stopped = 0 ] || kill -TERM "${trainings[$seed]}" 2>/dev/null || true
        interrupted=0 code=0
        wait "${trainings[$seed]}" || code=$?
        [ $interrupted = 1 ] || break
    done
    # What is trained needs no checkpoint any more. Out of time, 75, is no failure, nor a stop before the first step, 143.
    if [ $code -eq 0 ]; then rm -r "$work/checkpoints/$condition/seed$seed"; fi
    if [ $stopped = 1 ] && [ $code -eq 143 ]; then code=75; fi
    if [ $code -ne 0 ] && [ $ended -ne 1 ]; then ended=$((code == 75 ? 75 : 1)); fi
done
trap '' TERM INT HUP
"$python" -m sslgrid.commands.carry pack --folder "$work" --state "$state" ||
    { trap - EXIT; echo "not packed: what was trained is in $work" >&2; exit 1; }
exit $ended
