#!/usr/bin/env bash
# Runs a test program in Node.
cd "$(dirname "$0")/.."
exec node "$@"
