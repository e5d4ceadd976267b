#!/usr/bin/env bash
# Runs everything that .ci/run does on a fresh clone of what is committed, with nothing installed and an empty npm cache.
set -euo pipefail
repository=$(cd "$(dirname "$0")/.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
git clone --quiet "$repository" "$folder/clone"
cd "$folder/clone"
npm_config_cache="$folder/cache" .ci/run
