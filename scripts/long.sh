#!/usr/bin/env bash
# ./test --long NAME: campaigns that take longer than a change should wait for.
. "$(dirname "$0")/setup.sh"
. scripts/postgres.sh
need_packages "${build_packages[@]}" "${test_packages[@]}" "${fuzz_packages[@]}" "${long_packages[@]}"
need_node
npm_folder assets

with_postgres() {
    work=$(mktemp -d "${TMPDIR:-/tmp}/waymark-long.XXXXXX")
    trap 'stop_postgres; rm -rf "$work"' EXIT
    start_postgres "$work" || die "PostgreSQL 15 could not be started"
    export WAYMARK_TEST_PG="$postgres_url"
}
rooms_under() {  # PRESET: every room's tests under that preset
    local passed=0 failed=0 t
    for t in "build/$1"/src/*/test_*; do
        [ -x "$t" ] || continue
        if "$t" --no-intro >"$work/log" 2>&1; then passed=$((passed + 1)); echo "passed  $(basename "$t")"
        else failed=$((failed + 1)); echo "FAILED  $(basename "$t")"; tail -n 40 "$work/log"; fi
    done
    echo "$passed passed, $failed failed"; [ $failed = 0 ]
}
case "$1" in
    asan) build asan all; with_postgres; export ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1; rooms_under asan;;
    tsan) build tsan all; with_postgres; export TSAN_OPTIONS="halt_on_error=1"; rooms_under tsan;;
    fuzz) exec scripts/fuzz.sh "${WAYMARK_FUZZ_SECONDS:-3600}" "$(nproc)";;
    door) npm_folder tests/browser; build release all; exec tests/door/all.sh long;;
    tidy)
        build debug all
        mapfile -t files < <(git ls-files 'src/*.cpp' | grep -v _test.cpp)
        printf '%s\n' "${files[@]}" | xargs -P "$(nproc)" -n 1 clang-tidy-14 -p build/debug --quiet --extra-arg=-Wno-unknown-warning-option --warnings-as-errors='*' && echo "${#files[@]} passed, 0 failed";;
    oracle)
        build release test_procedure
        WAYMARK_LONG=1 build/release/src/procedure/test_procedure -tc='*oracle*' --no-intro;;
    timing)
        build release test_accounts access_twins
        with_postgres
        rc=0
        WAYMARK_LONG=1 build/release/src/accounts/test_accounts -tc='*takes as long*' --no-intro || rc=1
        build/release/tests/access_twins timing 400 || rc=1
        exit $rc;;
    shown)
        build release access_doors
        python3 tests/access/doors.py build/release/tests/access_doors content all;;
    kept)
        npm_folder tests/browser
        build release all
        exec scripts/in-node.sh tests/browser/kept.mjs "${WAYMARK_TRIALS:-5000}" "${WAYMARK_SEED:-2}";;
    twins)
        build release access_twins
        build/release/tests/access_twins pairs "${WAYMARK_PAIRS:-10000}" 100000;;
    *) die "no such campaign: $1" "asan, tsan, fuzz, door, tidy, oracle, timing, shown, twins or kept";;
esac
