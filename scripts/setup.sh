# Sourced by ./run and ./test: everything that a fresh Debian 12 lacks, then the build. Says what it does; does nothing twice.
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$top"

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
die() { printf 'waymark: %s\n' "$1" >&2; [ $# -gt 1 ] && printf '   mend: %s\n' "$2" >&2; exit 3; }

build_packages=(g++ cmake ninja-build ccache mold pkg-config ca-certificates tzdata
    libboost1.81-dev libboost-json1.81-dev libfmt-dev libexpected-dev libhowardhinnant-date-dev libutf8proc-dev libhwy-dev
    libsodium-dev libssl-dev libsqlite3-dev libpq-dev libtomlplusplus-dev libxml2-dev libcli11-dev
    libjemalloc-dev libcmark-dev libp11-kit-dev)
test_packages=(python3 openssl doctest-dev librapidcheck-dev libbenchmark-dev postgresql-15 sqlite3 chromium openjdk-17-jre-headless git clang-format-14 softhsm2)
fuzz_packages=(clang-14 libclang-rt-14-dev libfuzzer-14-dev llvm-14)
long_packages=(clang-tidy-14)

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else
        die "Debian packages are missing and this is neither root nor a user with sudo" "run as root: apt-get install $*"; fi
}

need_packages() {
    local missing=() p
    for p in "$@"; do
        dpkg-query -W -f='${db:Status-Status}' "$p" 2>/dev/null | grep -qx installed || missing+=("$p")
    done
    [ ${#missing[@]} = 0 ] && return 0
    say "installing Debian packages: ${missing[*]}"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq >/dev/null ||
        die "the list of Debian packages could not be read" "check the network and /etc/apt/sources.list"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >"$top/.setup.log" 2>&1 ||
        { tail -n 5 "$top/.setup.log" >&2; die "these packages could not be installed: ${missing[*]}" "read .setup.log; Waymark is built on Debian 12 (bookworm)"; }
    rm -f "$top/.setup.log"
    packages_changed=1
}

need_node() {
    command -v node >/dev/null && command -v npm >/dev/null || need_packages nodejs npm
}

# npm_folder DIR: node_modules as its lock file says, once for each lock file.
npm_folder() {
    local dir=$1 stamp="$1/node_modules/.waymark-lock"
    cmp -s "$dir/package-lock.json" "$stamp" 2>/dev/null && return 0
    say "installing npm packages for $dir"
    (cd "$dir" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2) ||
        die "the npm packages of $dir could not be installed" "check the network; then run the same command again"
    cp "$dir/package-lock.json" "$stamp"
}

# build PRESET TARGET…
build() {
    local preset=$1; shift
    # What a package brought since (benchmarks, tests) is seen by configuring again.
    if [ ! -f "build/$preset/build.ninja" ] || [ "${packages_changed:-}" = 1 ]; then
        say "configuring ($preset)"
        cmake --preset "$preset" >"build-configure.log" 2>&1 || { tail -n 20 build-configure.log >&2; die "the build could not be configured"; }
        rm -f build-configure.log
    fi
    say "building ($preset): the first time takes some minutes, later only what changed"
    ninja -C "build/$preset" --quiet "$@" >&2 || die "the build failed" "the first error above names file and line"
}
