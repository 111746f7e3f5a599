#!/usr/bin/env bash
# One piece of trainings on a machine that is lent for minutes and keeps nothing:
#
#   scripts/piece.sh STATE MINUTES MODEL.json SEED...
#
# takes up what the folder STATE holds, checks the engine against the plain losses, trains the seeds side by side till the
# time is up, and packs. Bring STATE back, and say the same again on a machine of the same kind: exit code 75 until all
# are trained, then 0, with the networks in STATE too. (DEVICE=cpu tries it without a GPU.)
set -euo pipefail
[ $# -ge 4 ] || { sed -n '4p' "$0" >&2; exit 1; }
state=$1 minutes=$2 model=$3
shift 3
device=${DEVICE:-cuda} # not silently the processor
condition=$(basename "$model" .json)
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
python -m sslgrid.commands.check_engine --model "$model" --device "$device"
[ -z "$(ls -A "$state" 2>/dev/null)" ] || python -m sslgrid.commands.carry unpack --folder "$work" --state "$state"

# What is left for the trainings, with half a minute to pack. 0 is no limit; too little still lets each take a step.
left=$(awk -v m="$minutes" -v s="$SECONDS" 'BEGIN { if (m > 0) { m -= s / 60 + 0.5; if (m < 0.01) m = 0.01 } print m }')
declare -A trainings
for seed; do
    network=$work/networks/$condition/seed$seed
    [ ! -e "$network/snapshots.safetensors" ] || continue # the last that `train` writes
    python -m sslgrid.commands.train --device "$device" --model "$model" --seed "$seed" --weights "$network/weights.safetensors" \
        --history "$network/training.nc" --snapshots "$network/snapshots.safetensors" --per-gpu $# \
        --checkpoints "$work/checkpoints/$condition/seed$seed" --time-budget-min "$left" &
    trainings[$seed]=$!
done
ended=0
for seed in "${!trainings[@]}"; do
    code=0
    wait "${trainings[$seed]}" || code=$?
    # What is trained needs no checkpoint any more. Out of time, 75, is no failure, but the others' are.
    if [ $code -eq 0 ]; then rm -r "$work/checkpoints/$condition/seed$seed"; fi
    if [ $code -ne 0 ] && [ $ended -ne 1 ]; then ended=$((code == 75 ? 75 : 1)); fi
done
python -m sslgrid.commands.carry pack --folder "$work" --state "$state"
exit $ended
