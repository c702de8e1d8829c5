#!/usr/bin/env bash
# Runs a command with TEST_DATABASE_URL leading to a PostgreSQL that lives as long as the command does:
#   scripts/with-postgres.sh npx vitest run --project postgresql
# Where TEST_DATABASE_URL is set already, that server is used. Needs Debian's package `postgresql`, not its service.
set -euo pipefail

if [ -n "${TEST_DATABASE_URL:-}" ]; then exec "$@"; fi

programs=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
if [ -z "$programs" ]; then
  echo "with-postgres: no PostgreSQL here; install Debian's package postgresql" >&2
  exit 1
fi

# PostgreSQL refuses to run as root; its programs may be there without the package's user.
owner=$(id -un)
if [ "$(id -u)" = 0 ]; then owner=$(id -un postgres 2>/dev/null || echo nobody); fi
as_owner() {
  if [ "$(id -u)" = 0 ]; then runuser -u "$owner" -- "$@"; else "$@"; fi
}

folder=$(mktemp -d)
chown "$owner" "$folder"

stop() {
  (cd / && as_owner "$programs/pg_ctl" stop -D "$folder/data" -m immediate -s) || true
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT TERM

free_port() {
  node -e 'const s = require("net").createServer(); s.listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}

# The server runs with the folder as its own: it could not read the caller's.
start() {
  cd /
  as_owner "$programs/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$folder/log"
  as_owner "$programs/pg_ctl" start -D "$folder/data" -l "$folder/data/log" -s -w -t 30 \
    -o "-c listen_addresses=127.0.0.1 -c port=$1 -c unix_socket_directories='$folder' -c fsync=off -c full_page_writes=off -c max_connections=200"
}

port=$(free_port)
if ! (start "$port"); then
  cat "$folder/log" "$folder/data/log" >&2 || true
  exit 1
fi
echo "with-postgres: $("$programs/postgres" --version) on port $port"
TEST_DATABASE_URL="postgres://postgres@127.0.0.1:$port/postgres" "$@"
