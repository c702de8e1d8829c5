#!/usr/bin/env bash
# Writes the next migration of both engines from the schema. Use: npm run db:generate -- <name>
set -euo pipefail
for engine in sqlite postgres; do
  DB_ENGINE=$engine npx drizzle-kit generate --name "$1"
done
# drizzle-kit names the schema "public" in foreign keys; ours live in whichever schema the connection names.
sed -i 's/"public"\.//g' migrations/postgres/*.sql
