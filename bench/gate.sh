#!/usr/bin/env bash
# A regression gate for a model of your own, on any CI: ends with 1 where its training step or its prediction allocates on
# the heap, takes other memory than announced, depends on the number of threads, or got slower than the baseline.
#
#   gate.sh MODEL.safetensors BASELINES
#
# BASELINES is a folder in your repository. Where it has no baseline of this CPU, the exact checks run alone; to write one,
# run this once with GATE_UPDATE=1 on the machine of your CI and commit the file. BATCH and THREADS may be set, too.
set -euo pipefail
if (($# != 2)); then
  printf 'gate.sh: arguments mismatch: expected=MODEL.safetensors BASELINES, actual=%s\n' "$*" >&2
  exit 2
fi
gradus="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)/tools/gradus"
options=(--model "$1" --baselines "$2" --batch "${BATCH:-64}" --threads "${THREADS:-1}")
if [[ "${GATE_UPDATE:-0}" == 1 ]]; then
  exec "$gradus" bench --update-baselines "${options[@]}"
fi
exec "$gradus" bench --gate "${options[@]}"
