# Sourced: start_postgres DIR starts a scratch PostgreSQL 15 on a unix socket only and sets postgres_url; stop_postgres ends it.
postgres_bin=/usr/lib/postgresql/15/bin
postgres_dir= postgres_url=

# PostgreSQL refuses to run as root. Where the root directory is closed to other users (a chroot made by hand often is), the
# postgres user is given the one capability that it needs to find its own programs.
as_postgres() {
    if [ "$(id -u)" != 0 ]; then "$@"
    elif runuser -u postgres -- test -x "$postgres_bin/initdb" 2>/dev/null; then runuser -u postgres -- "$@"
    else setpriv --securebits=+no_setuid_fixup --reuid=postgres --regid=postgres --clear-groups --inh-caps=+dac_read_search --ambient-caps=+dac_read_search "$@"
    fi
}

start_postgres() {
    postgres_dir=$1/postgres
    mkdir -p "$postgres_dir/socket" && chmod 755 "$1" && [ "$(id -u)" != 0 ] || chown -R postgres "$postgres_dir"
    as_postgres "$postgres_bin/initdb" -D "$postgres_dir/data" -U waymark --auth=trust --encoding=UTF8 --locale=C.UTF-8 \
        --data-checksums >"$postgres_dir/log" 2>&1 || return 1
    as_postgres "$postgres_bin/pg_ctl" -D "$postgres_dir/data" -w -t 60 -l "$postgres_dir/data/server.log" \
        -o "-k $postgres_dir/socket -c listen_addresses='' -c fsync=off -c max_connections=60 -c shared_buffers=256MB" start >>"$postgres_dir/log" 2>&1 || return 1
    postgres_url="postgresql:///postgres?host=$postgres_dir/socket&user=waymark"
}

stop_postgres() {
    [ -n "$postgres_dir" ] && [ -f "$postgres_dir/data/postmaster.pid" ] || return 0
    as_postgres "$postgres_bin/pg_ctl" -D "$postgres_dir/data" -m immediate -t 30 stop >/dev/null 2>&1 || true
}
