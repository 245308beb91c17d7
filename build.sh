#!/usr/bin/env bash
# Restores the local tools and runs a target of build.cake: ./build.sh demo | test | … Options go on to Cake.
set -uo pipefail
cd "$(dirname "$0")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

if ! command -v dotnet >/dev/null; then
    echo "The .NET SDK is missing: install the version that global.json names, https://dot.net/download" >&2
    exit 1
fi

summary=artifacts/test-results/summary.txt
rm -f "$summary"

target=default
if [ $# -gt 0 ] && [ "${1#-}" = "$1" ]; then
    target=$1
    shift
fi

dotnet tool restore >/dev/null && dotnet cake build.cake --target="$target" --verbosity=minimal "$@"
status=$?

# Cake ends with its own report; the result of the tests is what the reader wants to see last.
if [ -f "$summary" ]; then
    cat "$summary"
fi
exit $status
