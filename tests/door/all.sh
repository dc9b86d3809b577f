#!/usr/bin/env bash
# The door, from outside: tests/door/all.sh [quick|long]
cd "$(dirname "$0")/../.."
mode=${1:-full} rc=0
python3 tests/door/differ.py || rc=1
case $mode in
    quick) python3 tests/door/run.py --quick || rc=1;;
    long) WAYMARK_DIFFER=200000 python3 tests/door/differ.py || rc=1
        python3 tests/door/run.py --long || rc=1
        node tests/door/csp.mjs || rc=1;;
    *)  # The browser works while the slow clients wait.
        node tests/door/csp.mjs >"${TMPDIR:-/tmp}/waymark-csp.$$" 2>&1 &
        python3 tests/door/run.py || rc=1
        wait $! || rc=1
        cat "${TMPDIR:-/tmp}/waymark-csp.$$"
        rm -f "${TMPDIR:-/tmp}/waymark-csp.$$";;
esac
exit $rc
