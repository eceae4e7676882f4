#!/usr/bin/env bash
# Makes a throwaway Python environment with the peers where there is none, and prints its interpreter.
set -euo pipefail
cd "$(dirname "$0")"
environment=${KWASS_PEERS:-$PWD/../.build/peers}

python=$environment/bin/python
if ! "$python" -c 'import ot, ott, h5py, openpmd_validator, fplanck' >/dev/null 2>&1; then
  if ! python3 -c 'import ensurepip' >/dev/null 2>&1; then
    echo "peers/setup.sh: Python's venv module is missing; install python3-venv" >&2
    exit 1
  fi
  rm -rf "$environment"
  python3 -m venv "$environment" >&2
  "$environment/bin/pip" install --quiet --requirement requirements.txt >&2
fi
echo "$python"
