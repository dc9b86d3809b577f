#!/usr/bin/env bash
# Every C++ file as .clang-format says. To mend: scripts/check-format.sh --fix
cd "$(dirname "$0")/.."
mapfile -t files < <(git ls-files '*.cpp' '*.hpp' | while read -r f; do [ -f "$f" ] && echo "$f"; done)
if [ "${1:-}" = --fix ]; then exec clang-format-14 -i "${files[@]}"; fi
bad=()
for f in "${files[@]}"; do clang-format-14 --dry-run -Werror "$f" >/dev/null 2>&1 || bad+=("$f"); done
[ ${#bad[@]} = 0 ] || { printf 'not formatted: %s\n' "${bad[@]}"; echo "mend: scripts/check-format.sh --fix"; }
echo "$(( ${#files[@]} - ${#bad[@]} )) passed, ${#bad[@]} failed"
[ ${#bad[@]} = 0 ]
