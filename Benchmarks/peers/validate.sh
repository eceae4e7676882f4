#!/usr/bin/env bash
# Has the official openPMD validator check the files that kwass writes.
# Usage: validate.sh KWASS
set -euo pipefail
kwass=$(realpath "$1")
python=$("$(dirname "$0")/setup.sh")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

# Every command that writes; with and without velocities, masses, a box, a time and identities; one to
# four axes, and a series.
"$kwass" sample two-stream --count 100 --seed 1 --ids -o sample.h5 >/dev/null
"$kwass" evolve sample.h5 --system free --until 1 --every 0.5 --format h5 -o run >/dev/null
"$kwass" sample gaussian --count 50 --dimension 3 --seed 1 -o free.h5 >/dev/null
printf 'x1,x2,weight\n0,1,2\n0,3,0\n' >positions.csv
printf '# box=1,free,2,3 time=-1\nx1,x2,x3,x4,v1\n0,1,2,3,-0.0\n' >axes.csv
for name in positions axes; do "$kwass" convert "$name.csv" "$name.h5" >/dev/null; done

files=0
for file in *.h5 run/*.h5; do
  report=$("$python" -W ignore -m openpmd_validator.check_h5 -i "$file") || {
    printf '%s: %s\n' "$file" "$report" >&2
    exit 1
  }
  files=$((files + 1))
done
echo "$files files without errors, $("$python" -m pip list 2>/dev/null | grep -i openpmd-validator | tr -s ' ')"
