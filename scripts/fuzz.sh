#!/usr/bin/env bash
# scripts/fuzz.sh SECONDS [AT_ONCE [SEED]]: every fuzz target for that long, from its committed corpus, under the address
# and undefined-behaviour sanitizers. Without a seed, what it finds on the way is kept in build/fuzz/corpus and starts the
# next run; with one, each run begins anew. An input that breaks something is kept in build/fuzz/findings.
. "$(dirname "$0")/setup.sh"
seconds=${1:?scripts/fuzz.sh SECONDS [AT_ONCE]} at_once=${2:-2} seed=${3:-0}
need_packages "${build_packages[@]}" "${fuzz_packages[@]}"
build fuzz fuzz_targets

export ASAN_OPTIONS=abort_on_error=0:allocator_may_return_null=1 UBSAN_OPTIONS=print_stacktrace=1
out="$top/build/fuzz"
mkdir -p "$out/findings" "$out/logs"
one() {
    local name=$1 seconds=$2 out=$3 seed=$4 log="$3/logs/$1" words=() kept="$3/corpus/$1"
    [ "$seed" = 0 ] || { kept="$out/once/$name"; rm -rf "$kept"; }
    mkdir -p "$kept"
    [ -f "fuzz/$name.dict" ] && words=("-dict=fuzz/$name.dict")
    # A few seconds more than asked for: a target that does not end by itself is a finding too.
    if timeout --kill-after=10 $((seconds + 60)) "$out/fuzz/fuzz_$name" -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=20 \
        -max_len=32768 -print_final_stats=1 -seed="$seed" -artifact_prefix="$out/findings/$name-" "${words[@]}" "$kept" "fuzz/corpus/$name" >"$log" 2>&1; then
        printf 'passed  %-15s %10d runs %8d a second\n' "$name" \
            "$(awk '/number_of_executed_units/ { n = $2 } END { print n + 0 }' "$log")" "$(awk '/average_exec_per_sec/ { n = $2 } END { print n + 0 }' "$log")"
    else
        printf 'FAILED  %s\n' "$name"
        grep -vE '^#[0-9]+|^stat::|^INFO|DE:' "$log" | tail -n 40 | sed 's/^/    /'
    fi
}
export -f one
mapfile -t names < <(for file in fuzz/*_fuzz.cpp; do
    name=$(basename "$file" _fuzz.cpp)
    [ -x "$out/fuzz/fuzz_$name" ] && echo "$name"
done)
printf '%s\n' "${names[@]}" | xargs -P "$at_once" -I{} bash -c 'one "$@"' _ {} "$seconds" "$out" "$seed" | tee "$out/summary"
passed=$(grep -c '^passed' "$out/summary" || true) failed=$(grep -c '^FAILED' "$out/summary" || true)
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" = ${#names[@]} ]
