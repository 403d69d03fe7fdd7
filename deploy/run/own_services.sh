# shellcheck shell=bash
# The project's own services, shared by every ./run of this folder.
# Descriptor 9 is held while something is set up or stopped, 8 is shared by all who use the services, 7 belongs to `serve`.

begin() { # runtime|development: one ./run at a time sets up
  mkdir -p var
  [ -O var ] || die "var/ belongs to $(stat -c %U var): run this as that user."
  private_folders var/log var/pids
  lock_setup
  install_system_packages
  PATH=$(postgres_bin):$PATH
  install_python_packages "$1"
}

lock_setup() {
  exec 9>var/setup.lock
  flock -w 2 9 || { say "Waiting for another ./run of this folder." && flock 9; }
}

unlock_setup() { exec 9>&-; }

find_services() { # the private ones, be they running or not
  POSTGRES=$(readlink -f var/postgres)
  REDIS=$ROOT/var
  SOCKETS=$(readlink var/sockets) || SOCKETS=
}

use_services() { # starts what is not running, brings the database up to date, and exports the settings
  exec 8>var/used.lock
  flock -s 8
  find_services
  trap 'leave_services $?' EXIT
  find_sockets
  postgres_answers || start_own_postgres
  redis_answers || { stop_redis && step "Starting Redis" start_redis; }
  once "Making the database" make_database deploy/database.sql
  export_settings "$ROOT/var"
  once "Migrating the database" migrate requirements/runtime.txt ./*/migrations/*.py
}

find_sockets() { # in a short private folder, since a socket's path holds at most 107 bytes
  case $(stat -c '%U %a' "$SOCKETS" 2>/dev/null) in
    "$(id -un) 700" | 'postgres 700') ;;
    *)
      stop_services
      SOCKETS=$(mktemp -d /tmp/ceasefire.XXXXXX)
      ln -sfn "$SOCKETS" var/sockets
      ;;
  esac
}

start_own_postgres() {
  stop_postgres INT
  choose_postgres_as
  place_cluster
  give_to_postgres "$SOCKETS"
  [ -e "$POSTGRES/data/PG_VERSION" ] || step "Making the database cluster" make_cluster
  archive_options
  step "Starting PostgreSQL" start_postgres "${ARCHIVING[@]}"
}

ARCHIVING=()
archive_options() { # where there is a folder var/wal, the write-ahead log is kept in it, encrypted, for recovery to a moment
  [ -d var/wal ] || return 0
  local archive recipients
  require_age
  require_recipients
  archive=$(readlink -f var/wal)
  recipients=$(readlink -f "$RECIPIENTS")
  give_to_postgres "$archive"
  as_postgres test -w "$archive" -a -x "$ROOT/deploy/backup/archive-wal" -a -r "$recipients" ||
    die "PostgreSQL's user cannot reach var/wal; it and this folder have to be open to it."
  ARCHIVING=(-c archive_mode=on -c archive_timeout=60 -c
    "archive_command='\"$ROOT/deploy/backup/archive-wal\" \"%p\" \"%f\" \"$archive\" \"$recipients\"'")
}

once() { # TITLE FUNCTION FILE...: a step that is done again only where the files have changed
  local mark=$POSTGRES/$2.done
  cat "${@:3}" | sha256sum | cmp -s - "$mark" && return
  step "$1" "$2"
  cat "${@:3}" | sha256sum >"$mark"
}

stop_services() {
  stop_redis
  stop_postgres INT
  [ -z "$SOCKETS" ] || rm -rf "$SOCKETS" var/sockets
}

leave_services() { # EXIT CODE: the last to leave puts out the light
  trap '' INT TERM HUP
  lock_setup
  find_services # another ./run may have started them anew meanwhile
  ! flock -n -x 8 || stop_services
  exit "$1"
}

manage() { "$PYTHON" manage.py "$@"; }
migrate() { as_owner migrate --noinput --verbosity 0; }
as_owner() { DATABASE_USER=$DATABASE_OWNER_ROLE "$PYTHON" manage.py "$@"; }
