# shellcheck shell=bash
# Backups, restoring them, and the drill: what takes and unpacks them is in deploy/backup, for containers too.

RECIPIENTS=${BACKUP_RECIPIENTS:-var/backup-recipients}

require_age() {
  command -v age >/dev/null && return
  may_install || die "This machine lacks age, which encrypts backups (a package of that name in Debian 12)."
  step "Installing system packages (age)" apt_install age
}

require_recipients() {
  grep -qsE '^(age1|ssh-)' "$RECIPIENTS" || die "$RECIPIENTS names no public key to encrypt backups to. On a machine that is not this one:
       age-keygen -o backup-key.txt
     keep that file there, and put the public key that it prints (age1...) into $RECIPIENTS here, one to a line."
}

backup() { # FILE
  (($# == 1)) || die "Say where to: ./run backup FILE"
  local bin bytes hash
  begin runtime
  require_age
  require_recipients
  use_services
  unlock_setup
  bin=$(postgres_bin "$(cat "$POSTGRES/data/PG_VERSION")")
  step "Backing up" env PATH="$bin:$PATH" PGHOST="$SOCKETS" PGUSER=postgres deploy/backup/take "$1" "$RECIPIENTS" "$FILES_ROOT" "$POSTGRES/backing-up"
  bytes=$(stat -c %s "$1") hash=$(sha256sum <"$1" | cut -d ' ' -f 1)
  [ "${BACKUP_OF_A_DRILL:-}" ] || deploy/backup/write-down "$FILES_ROOT" backup "$SECONDS" "$1" "$hash"
  say "Backed up into $1 ($bytes bytes). Keep its SHA-256 apart from it, for whoever has the public key could make another:" \
    "  $hash" \
    "The keys are not in it: keep var/env apart as well. Without SEALING_KEYS nothing that is sealed opens again."
}

restore() { # FILE [--sha256 HASH | --unvouched] [--wal FOLDER [--until INSTANT]]: beside the place, and put into it at the end
  local file=${1:-} wal='' until='' hash='' manifest bin unsound=0 place
  [ "$file" ] || die "Say which: ./run restore FILE --sha256 HASH [--wal FOLDER [--until INSTANT]]"
  shift
  while (($#)); do
    case $1 in
      --wal) wal=${2:?} ;;
      --until) until=${2:?} ;;
      --sha256) hash=${2:?} ;;
      --unvouched)
        hash=unvouched
        shift
        continue
        ;;
      *) die "restore knows --sha256 HASH, --unvouched, --wal FOLDER and --until INSTANT, not $1." ;;
    esac
    shift 2
  done
  [ -z "$until" ] || [ "$wal" ] || die "--until needs --wal: the folder into which the write-ahead log was archived."
  [ -r "$file" ] || die "There is no backup $file."
  require_vouched "$file" "$hash"
  begin runtime
  require_age
  require_empty_place
  ask_identity
  manifest=$(deploy/backup/unpack --manifest "$file" "$BACKUP_IDENTITY") || exit 1
  [[ $(told major) =~ ^[0-9]+$ ]] || die "$file is no backup of this service: it tells of no PostgreSQL."
  bin=$(postgres_bin "$(told major)") || die "This backup is of PostgreSQL $(told major): install postgresql-$(told major) and its PostGIS."
  require_code
  require_keys
  choose_postgres_as
  place_cluster
  place=$POSTGRES PLACE=$POSTGRES
  trap 'rc=$?; trap "" INT TERM HUP; tidy_after_restoring "$PLACE"; exit $rc' EXIT
  end_killed_restore "$place"
  remove_half "$place"
  say "Restoring the backup of $(told taken_at), of PostgreSQL $(told postgresql)."
  step "Decrypting and verifying" env PATH="$bin:$PATH" deploy/backup/unpack "$file" "$BACKUP_IDENTITY" "$place/restoring"
  mv "$place/restoring/base" "$place/restoring/data"
  step "Making settings of its own" own_settings "$place"
  [ -z "$wal" ] || step "Fetching the write-ahead log" fetch_wal "$wal" "$place/restoring" "$until"
  mv "$place/restoring/files" var/restoring-files # before its folder is PostgreSQL's
  give_to_postgres "$place/restoring"
  POSTGRES=$place/restoring
  SOCKETS=$(mktemp -d /tmp/ceasefire.XXXXXX)
  ln -sfn "$SOCKETS" var/restoring-sockets
  give_to_postgres "$SOCKETS"
  step "Starting PostgreSQL" start_postgres
  [ -z "$wal" ] || step "Recovering to the moment" recovered
  step "Making the database" make_database
  export_settings "$ROOT/var"
  FILES_ROOT=$ROOT/var/restoring-files
  step "Migrating the database" migrate
  manage restored --taken-at "$(told taken_at)" || die "It is not restored."
  restored_is "The record" '^[0-9 ]*[a-z_]* *holds' verify_integrity || unsound=1
  restored_is "What was released" '^  |: same$|^[^ ]* .* no\. [0-9]+ [0-9a-f]{16} same$' verify_closings || unsound=1
  stop_postgres INT
  rmdir var/files 2>/dev/null || true
  touch var/restoring-files/.restoring
  mv -T var/restoring-files var/files
  mv "$place/restoring/data" "$place/data"
  touch "$place/demo.done" # what was restored is nobody's demo
  rm var/files/.restoring
  ((!unsound)) || {
    say "It is restored, and not all of it is as it should be: see above. What is held back goes on when two people say so (docs/backup.md)."
    exit 3
  }
  say "Restored."
}

restored_is() { # WHAT PATTERN COMMAND: verifies it; all is in var/log, and shown is what does not hold and what it comes to
  local began=$SECONDS rc=0
  manage "$3" >"var/log/$3.log" 2>&1 || rc=$?
  grep -vE "$2" "var/log/$3.log" || true
  say "  $1 is verified ($((SECONDS - began)) s; var/log/$3.log has every line)."
  return "$rc"
}

require_vouched() { # FILE HASH: who has the public key can make a backup that opens, and what is in it runs as PostgreSQL's user
  local is answer
  if [[ $2 =~ ^[0-9a-fA-F]{64}$ ]]; then
    is=$(sha256sum <"$1" | cut -d ' ' -f 1)
    [ "$is" = "${2,,}" ] || die "$1 is not the backup that was made: its SHA-256 is
       $is. Nothing of it was opened."
    return
  fi
  [ -z "$2" ] || [ "$2" = unvouched ] || die "--sha256 wants the 64 digits that ./run backup printed."
  say "Nobody vouches for $1: without the SHA-256 that was printed when it was made and kept apart (--sha256 HASH),
     it may have been made by anybody who has the public key, and what such a file holds can run programs here."
  [ -z "$2" ] || return 0
  [ -t 0 ] || die "Give --sha256 HASH; or --unvouched, if it is to be restored all the same."
  read -rp "Restore it all the same? Type yes: " answer
  [ "$answer" = yes ] || die "It is not restored."
}

own_settings() { # PLACE: those that a cluster made here has, instead of what came with the backup
  rm -rf "$1/new"
  as_postgres "$bin/initdb" -D "$1/new" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync
  deploy/backup/settle "$1/restoring/data" "$1/new"
}

told() { "$PYTHON" -c 'import json, sys; print(json.loads(sys.argv[1])[sys.argv[2]])' "$manifest" "$1"; } # NAME in the manifest

require_empty_place() {
  exec 8>var/used.lock
  flock -n -x 8 || die "Something of this folder is running: ./run stop first."
  if [ -e var/files/.restoring ] && [ ! -e var/postgres/data ]; then rm -rf var/files; fi # of a restore that was killed at its end
  [ ! -e var/postgres/data ] || die "There is a database in var/postgres: a backup is restored into an empty place, such as a new clone."
  [ -z "$(find var/files -type f -print -quit 2>/dev/null)" ] || die "There are stored files in var/files: a backup is restored into an empty place."
}

ask_identity() {
  if [ -z "${BACKUP_IDENTITY:-}" ]; then
    [ -t 0 ] || die "Say where the private key is: BACKUP_IDENTITY=KEY-FILE ./run restore FILE"
    read -rp "The file of the private key (made by age-keygen): " BACKUP_IDENTITY
  fi
  [ -r "$BACKUP_IDENTITY" ] || die "There is no key file $BACKUP_IDENTITY."
}

require_code() { # a database is brought up to the code's date, never back
  local app name
  while read -r app name; do
    [ -e "$app/migrations/$name.py" ] || die "This backup was made by a later version of the service ($app is at $name): restore it with that one."
  done < <("$PYTHON" -c 'import json, sys
for app, name in json.loads(sys.argv[1])["migrations"].items():
    if app in ("monitoring", "violations", "reports"): print(app, name)' "$manifest")
}

require_keys() { # new ones would open nothing that is sealed
  grep -qs '^SEALING_KEYS=.' var/env && grep -qs '^SEALING_TAG_KEY=.' var/env ||
    die "var/env does not hold SEALING_KEYS and SEALING_TAG_KEY. They are in no backup: put the var/env that was kept apart here first."
}

fetch_wal() { # ARCHIVE FOLDER UNTIL: every segment, decrypted beside the cluster; and that PostgreSQL is to read them
  local segment first
  first=$(sed -n 's/^START WAL LOCATION: .*(file \(.*\))$/\1/p' "$2/data/backup_label")
  mkdir -m 700 "$2/wal"
  for segment in "$1"/*.age; do
    segment=$(basename "$segment" .age)
    [[ $segment == *.history || ! ${segment:8} < ${first:8} ]] || continue
    deploy/backup/fetch-wal "$segment" "$2/wal/$segment" "$1" "$BACKUP_IDENTITY"
  done
  {
    echo "restore_command = 'cp \"$2/wal/%f\" \"%p\"'"
    [ -z "$3" ] || echo "recovery_target_time = '$3'"
    echo "recovery_target_action = 'promote'"
  } >>"$2/data/postgresql.auto.conf"
  touch "$2/data/recovery.signal"
}

recovered() { # waits until all that was asked for is read
  until [ "$(psql -X -A -t -h "$SOCKETS" -U postgres -d postgres -c 'select pg_is_in_recovery()')" = f ]; do
    postgres_answers || { tail -n 20 "$POSTGRES/server.log" && return 1; }
    sleep 0.2
  done
  superuser 'ALTER SYSTEM RESET restore_command' 'ALTER SYSTEM RESET recovery_target_time' 'ALTER SYSTEM RESET recovery_target_action'
  rm -rf "$POSTGRES/wal"
}

remove_half() { rm -rf "$1"/restoring "$1"/new "$1"/.unpacking.* var/restoring-files; } # PLACE

end_killed_restore() { # PLACE: PostgreSQL, which a restore that was killed left running on what it had decrypted, and its sockets
  local pid sockets
  ! pid=$(runs "$1/restoring/data/postmaster.pid" "$1/restoring/data") || end "$pid" INT 60
  sockets=$(readlink var/restoring-sockets) || return 0
  case $sockets in /tmp/ceasefire.*) rm -rf "$sockets" ;; esac
  rm -f var/restoring-sockets
}

tidy_after_restoring() { # PLACE: of half a restore nothing stays
  [ "$POSTGRES" = "$1" ] || stop_postgres INT
  case ${SOCKETS:-} in /tmp/ceasefire.*) rm -rf "$SOCKETS" var/restoring-sockets ;; esac
  remove_half "$1"
  [ -e "$1/data" ] || [ ! -e var/files/.restoring ] || rm -rf var/files
}

drill() { # [FILE [--sha256 HASH | --unvouched]]
  local file=${1:-} hash=''
  case $#:${2:-} in
    0: | 1:) ;;
    3:--sha256) hash=$3 ;;
    2:--unvouched) hash=unvouched ;;
    *) die "Say which backup, or none: ./run drill [FILE --sha256 HASH]" ;;
  esac
  if [ "$file" ]; then
    file=$(readlink -f "$file")
    [ -r "$file" ] || die "There is no backup $1."
    require_vouched "$file" "$hash"
    hash=$(sha256sum <"$file" | cut -d ' ' -f 1)
  fi
  begin runtime
  require_age
  [ -z "$file" ] || ask_identity
  unlock_setup
  make_secrets var/env
  BACKUP_IDENTITY=$(readlink -f "${BACKUP_IDENTITY:-}") exec deploy/backup/drill "$ROOT" ${file:+"$file" "$hash"}
}
