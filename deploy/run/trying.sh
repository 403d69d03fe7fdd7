# shellcheck shell=bash
# Tests, checks and measurements, in services of their own that end with them.

throw_away_services() { # PARTS [OPTION...]: as many of each service; settings of the PostgreSQL servers, as for start_postgres
  local part
  remove_abandoned
  choose_postgres_as
  WORK=$(mktemp -d /tmp/ceasefire-test.XXXXXX)
  echo $$ >"$WORK/owner"
  trap 'rc=$?; trap "" INT TERM HUP; remove_services "$WORK"; exit $rc' EXIT
  chmod 711 "$WORK"
  for part in $(seq "$1" -1 1); do # the settings that stay are those of the first
    find_throw_away_services "$WORK/$part"
    mkdir -m 711 "$REDIS"
    private_folders "$POSTGRES" "$SOCKETS"
    give_to_postgres "$POSTGRES"
    give_to_postgres "$SOCKETS"
    step "Starting a throw-away PostgreSQL and Redis" start_throw_away_services "${@:2}"
    export_settings "$REDIS"
    part_python >"$REDIS/python"
  done
  export DATABASE_SUPERUSER=postgres DATABASE_TEMPLATE=ceasefire_template
}

find_throw_away_services() { POSTGRES=$1/postgres SOCKETS=$1/s REDIS=$1; } # FOLDER of the part

part_python() { # a script for bash: Python with the settings that are the part's own
  declare -p DATABASE_HOST REDIS_URL FILES_ROOT STATIC_ROOT
  printf 'exec %q "$@"\n' "$PYTHON"
}

# What tests write need not outlive the machine; and they start many processes.
FLEETING=(-c max_connections=200 -c fsync=off -c synchronous_commit=off -c full_page_writes=off)

start_throw_away_services() { # [OPTION...]
  make_cluster --no-sync
  start_postgres "$@"
  start_redis
  make_database ceasefire_template
  superuser 'ALTER ROLE ceasefire_owner CREATEDB' 'ALTER DATABASE ceasefire_template IS_TEMPLATE true'
}

remove_services() { # FOLDER of all parts
  local part
  for part in "$1"/[1-9]*; do
    find_throw_away_services "$part"
    stop_redis
    stop_postgres QUIT
  done
  rm -rf "$1"
}

remove_abandoned() { # what runs left that were killed before they could tidy up
  local folder
  for folder in /tmp/ceasefire-test.*; do
    if [ -O "$folder" ] && [ -e "$folder/owner" ] && ! runs "$folder/owner" run >/dev/null; then
      remove_services "$folder"
    fi
  done
}

run_tests() {
  local parts=1 part cores together=()
  cores=$(nproc)
  (($#)) || parts=$((cores < 4 ? cores : 4))
  parts=${PARTS:-$parts}
  [[ $parts =~ ^[1-9][0-9]?$ ]] || die "PARTS is '$parts'; it is how many parts of the tests run at once: 1 to 99."
  begin development
  install_browser
  install_age
  install_settable_clock
  unlock_setup
  throw_away_services "$parts" "${FLEETING[@]}"
  (($#)) || all_checks
  if ((parts > 1)); then
    together=(--dist worksteal) # who is done takes half of what another has before it
    for part in "$WORK"/[1-9]*; do together+=(--tx "popen//python=bash $part/python"); done
  fi
  "$PYTHON" -m pytest "${together[@]}" "$@"
}

run_checks() {
  begin development
  unlock_setup
  throw_away_services 1 "${FLEETING[@]}"
  all_checks
}

run_bench() { # as durable as what `serve` runs on: the settings are the same
  begin development
  unlock_setup
  throw_away_services 1
  DJANGO_SETTINGS_MODULE=config.settings "$PYTHON" -m tests.bench "$@"
}

run_kills() { # everything that can die, as often as KILLS says, on services as durable as those of `serve`
  begin development
  unlock_setup
  throw_away_services 1
  {
    declare -p POSTGRES SOCKETS POSTGRES_AS QUIET
    declare -f start_postgres as_postgres postgres_bin
    echo 'set -e; start_postgres'
  } >"$WORK/start-postgres"
  START_POSTGRES=$WORK/start-postgres POSTGRES_DATA=$POSTGRES/data "$PYTHON" -m pytest tests/kills/everything_killed.py "$@"
}

all_checks() { # every one is tried; fails if any did
  local failed=0
  superuser "CREATE DATABASE $DATABASE_NAME TEMPLATE $DATABASE_TEMPLATE OWNER $DATABASE_OWNER_ROLE"
  step "Format (ruff format)" "$PYTHON" -m ruff format --check . || failed=1
  step "Lint (ruff check)" "$PYTHON" -m ruff check . || failed=1
  step "Types (mypy)" "$PYTHON" -m mypy . || failed=1
  step "Import contracts (import-linter)" "$PYTHON" -c 'import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())' || failed=1
  step "Migrations (none missing)" as_owner makemigrations --check --dry-run || failed=1
  step "Migrations (none that stops a running service)" lint_migrations || failed=1
  step "Deployment settings (check --deploy)" env HTTPS=1 "$PYTHON" manage.py check --deploy --fail-level WARNING || failed=1
  ((!failed)) || say "run: the checks failed."
  return "$failed"
}

lint_migrations() { # the first ones build empty tables and are let be, keys that are made wider (what was unique stays so), and a column that moves
  DJANGO_SETTINGS_MODULE=config.settings "$PYTHON" - <<'PYTHON'
import django, sys
from django_migration_linter import MigrationLinter

django.setup()
linter = MigrationLinter(".", analyser_string="postgresql", include_apps=["monitoring", "violations", "reports"], no_cache=True,
    ignore_initial_migrations=True, ignore_name=["0006_agreed_release", "0012_lost_sheets", "0017_common_content"], exclude_migration_tests=["RUNPYTHON_ARGS_NAMING_CONVENTION"])
linter.lint_all_migrations()
sys.exit(linter.has_errors)
PYTHON
}
