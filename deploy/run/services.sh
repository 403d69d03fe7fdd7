# shellcheck shell=bash
# PostgreSQL and Redis in private: $POSTGRES (folder of the cluster), $SOCKETS (folder of the sockets), $REDIS (folder of
# Redis), and the settings by which the service finds them.

make_secrets() { # FILE: adds the secrets that it does not hold yet
  local name bytes
  (umask 077 && touch "$1")
  while read -r name bytes; do
    grep -q "^$name=" "$1" || echo "$name=$(head -c "$bytes" /dev/urandom | base64 -w 0 | tr +/ -_)" >>"$1"
  done <<<$'SECRET_KEY 48\nSEALING_KEYS 32\nSEALING_TAG_KEY 32'
}

export_settings() { # FOLDER: what config/settings.py reads, for the services at $SOCKETS and the state in FOLDER
  make_secrets "$1/env"
  set -a
  # shellcheck source=/dev/null
  . "$1/env"
  set +a
  export DEBUG=0 HTTPS=0 ALLOWED_HOSTS='127.0.0.1,localhost,[::1]' CSRF_TRUSTED_ORIGINS='' \
    DATABASE_HOST=$SOCKETS DATABASE_PORT='' DATABASE_NAME=ceasefire DATABASE_PASSWORD='' DATABASE_USER=ceasefire_app \
    DATABASE_APPLICATION_ROLE=ceasefire_app DATABASE_OWNER_ROLE=ceasefire_owner \
    SITE_ADDRESS="$(cat var/address 2>/dev/null || echo 'http://127.0.0.1:8000/')" \
    REDIS_URL="unix://$SOCKETS/redis.sock?db=0" FILES_ROOT=$1/files STATIC_ROOT=$1/static
  private_folders "$FILES_ROOT" "$STATIC_ROOT"
}

private_folders() { (umask 077 && mkdir -p "$@"); } # PATH...

runs() { # PIDFILE WORD: the process named in PIDFILE, if it lives and its command line holds WORD
  local pid
  pid=$(head -n 1 "$1" 2>/dev/null) && [ "$pid" ] || return 1
  tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF -- "$2" && echo "$pid"
}

end() { # PID SIGNAL SECONDS: asks a process to end, and insists when the time is over
  local until=$((SECONDS + $3))
  kill "-$2" "$1" 2>/dev/null || return 0
  while kill -0 "$1" 2>/dev/null && ! grep -qs '^State:\sZ' "/proc/$1/status"; do
    ((SECONDS < until)) || kill -KILL -- "-$1" 2>/dev/null || kill -KILL "$1" 2>/dev/null || true
    sleep 0.05
  done
}

end_group() { # PID WORD: kills what is left of the group of a process that died first, if the command line holds WORD
  local stat line fields pid
  for stat in /proc/[0-9]*/stat; do
    { read -r line <"$stat"; } 2>/dev/null || continue
    read -ra fields <<<"${line##*) }"
    [ "${fields[2]}" = "$1" ] || continue
    pid=${line%% *}
    ! tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF -- "$2" || kill -KILL "$pid" 2>/dev/null || true
  done
}

choose_postgres_as() {
  if [ "$(id -u)" != 0 ]; then
    POSTGRES_AS=self
    return
  fi
  id postgres >/dev/null 2>&1 || die "PostgreSQL does not run as root and there is no user postgres."
  POSTGRES_AS=${RUN_POSTGRES_AS:-userns}
  case $POSTGRES_AS in
    userns)
      as_postgres true 2>/dev/null && return
      [ -z "${RUN_POSTGRES_AS:-}" ] || die "RUN_POSTGRES_AS=userns: user namespaces are not allowed here."
      POSTGRES_AS=setpriv
      ;;
    setpriv) ;;
    *) die "RUN_POSTGRES_AS is '$POSTGRES_AS'; it is userns or setpriv." ;;
  esac
}

as_postgres() { # COMMAND...: as somebody that PostgreSQL accepts; started where that somebody can be
  local user=$POSTGRES_AS
  (
    cd /
    case $user in
      self) "$@" ;;
      userns) unshare --user --map-user="$(id -u postgres)" --map-group="$(id -g postgres)" "$@" ;; # still root to the file system
      setpriv) setpriv --reuid=postgres --regid=postgres --init-groups env -u HOME "$@" ;;
    esac
  )
}

give_to_postgres() { # FOLDER
  local owner
  owner=$(id -un)
  [ "$POSTGRES_AS" != setpriv ] || owner=postgres
  [ "$(stat -c %U "$1")" = "$owner" ] || chown -R "$owner:" "$1"
}

place_cluster() { # where var/postgres cannot be reached by PostgreSQL's user, the cluster lives in /var/lib and var/postgres points there
  local elsewhere
  if [ -L var/postgres ] && [ ! -e var/postgres ]; then
    say "The database in $(readlink var/postgres) is gone; making a new one."
    rm var/postgres
  fi
  private_folders var/postgres
  POSTGRES=$(readlink -f var/postgres)
  give_to_postgres "$POSTGRES"
  as_postgres test -w "$POSTGRES" && return
  elsewhere=/var/lib/$(basename "$ROOT")-$(printf %s "$ROOT" | sha256sum | head -c 8)
  if [ -e "$elsewhere" ]; then
    say "Keeping an older database of this folder in $elsewhere.$(date +%s)."
    mv "$elsewhere" "$elsewhere.$(date +%s)"
  fi
  mv "$POSTGRES" "$elsewhere"
  ln -sfn "$elsewhere" var/postgres
  POSTGRES=$elsewhere
}

make_cluster() { # made beside and moved, so that a half-made one is never taken for a whole one
  rm -rf "$POSTGRES/new" "$POSTGRES/data"
  as_postgres "$(postgres_bin)/initdb" -D "$POSTGRES/new" -U postgres -A trust -E UTF8 --locale=C.UTF-8 "$@"
  mv "$POSTGRES/new" "$POSTGRES/data"
}

# A refused row is told to who sent it. Its content has no business in a log: PostgreSQL would write the statement, the
# row and the value into it.
QUIET="-c log_min_messages=fatal -c log_min_error_statement=panic -c log_error_verbosity=terse -c log_parameter_max_length_on_error=0"

start_postgres() { # [OPTION...]: settings of the server as `-c name=value`
  local bin data=$POSTGRES/data
  bin=$(postgres_bin "$(cat "$data/PG_VERSION")") || die "The database needs PostgreSQL $(cat "$data/PG_VERSION") with PostGIS."
  rm -f "$data/postmaster.pid" "$SOCKETS"/.s.PGSQL.* # of a server that was killed; its number may be another process's by now
  as_postgres "$bin/pg_ctl" start -w -t 120 -D "$data" -l "$POSTGRES/server.log" \
    -o "-c listen_addresses='' -c unix_socket_directories='$SOCKETS' -c timezone=UTC $QUIET $*" 7>&- 8>&- 9>&- || {
    tail -n 20 "$POSTGRES/server.log"
    return 1
  }
}

postgres_answers() { runs "$POSTGRES/data/postmaster.pid" "$POSTGRES/data" >/dev/null && pg_isready -q -t 30 -h "$SOCKETS"; }

stop_postgres() { # SIGNAL: INT ends sessions, QUIT does not even write back
  local pid
  ! pid=$(runs "$POSTGRES/data/postmaster.pid" "$POSTGRES/data") || end "$pid" "$1" 60
}

start_redis() { # nothing is kept on disk: the work to be done is in the database
  rm -f "$SOCKETS/redis.sock"
  (exec -a redis-server "$(redis_program)" --port 0 --unixsocket "$SOCKETS/redis.sock" --unixsocketperm 700 --save '' --appendonly no \
    --dir "$REDIS" --logfile "$REDIS/redis.log" --pidfile "$REDIS/redis.pid" --daemonize yes 7>&- 8>&- 9>&-)
  for _ in {1..100}; do
    if redis_answers; then return; fi
    sleep 0.05
  done
  tail -n 20 "$REDIS/redis.log"
  return 1
}

redis_answers() { [ "$(redis-cli -s "$SOCKETS/redis.sock" ping 2>/dev/null)" = PONG ]; }

stop_redis() {
  local pid
  ! pid=$(runs "$REDIS/redis.pid" "$SOCKETS/redis.sock") || end "$pid" TERM 10
}

make_database() { # [NAME]
  PGOPTIONS='-c client_min_messages=warning' psql -X -q -h "$SOCKETS" -U postgres -d postgres -v database="${1:-ceasefire}" -f deploy/database.sql
}

superuser() { psql -X -q -v ON_ERROR_STOP=1 -h "$SOCKETS" -U postgres -d postgres "${@/#/--command=}"; } # STATEMENT...
