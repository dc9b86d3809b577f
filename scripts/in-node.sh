#!/usr/bin/env bash
# Runs a test program in Node. --newer: in the Node that tests/sign-in brings, because what it tests with needs a newer one
# than Debian 12 has.
cd "$(dirname "$0")/.."
node=node
if [ "${1:-}" = --newer ]; then
    shift
    node=$(echo tests/sign-in/node_modules/node-linux-*/bin/node)
fi
exec "$node" "$@"
