# shellcheck shell=bash
# What the machine must have, and how it comes by it: Debian's packages, Python's, and what tests want beside.

system_python() {
  local python
  for python in /usr/bin/python3 python3; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$python"
      return
    fi
  done
  return 1
}

postgres_bin() { # [MAJOR VERSION]: programs of the newest PostgreSQL here that has PostGIS
  local found version
  found=$(compgen -G "/usr/share/postgresql/${1:-*}/extension/postgis.control" | sort -V | tail -n 1) || return 1
  version=$(basename "$(dirname "$(dirname "$found")")")
  [ -x "/usr/lib/postgresql/$version/bin/initdb" ] && echo "/usr/lib/postgresql/$version/bin"
}

redis_program() { # Debian's redis-tools holds the server too, under the name of one of its tools; redis-server only adds a system service
  command -v redis-server || command -v redis-check-rdb
}

missing_packages() {
  local python
  { python=$(system_python) && "$python" -c 'import ensurepip, venv' 2>/dev/null; } || echo python3-venv
  postgres_bin >/dev/null || printf '%s\n' postgresql-15 postgresql-15-postgis-3
  { redis_program && command -v redis-cli; } >/dev/null || echo redis-tools
  [ -n "$(find /usr/share/fonts -name 'NotoNaskhArabic-Regular.*' -print -quit 2>/dev/null)" ] || echo fonts-noto-core
}

AS_ROOT=()
may_install() { # whether packages can be installed: Debian 12, and root or sudo
  # shellcheck source=/dev/null
  (. /etc/os-release 2>/dev/null && [ "${ID:-}" = debian ] && [ "${VERSION_ID:-}" = 12 ]) || return 1
  command -v apt-get >/dev/null || return 1
  [ "$(id -u)" != 0 ] || return 0
  command -v sudo >/dev/null || return 1
  AS_ROOT=(sudo)
  sudo -n true 2>/dev/null && return 0
  [ -t 0 ] && say "System packages are missing; installing them needs sudo, which asks for your password." && sudo -v
}

apt_install() { # PACKAGE...
  local config=/etc/postgresql-common/createcluster.conf ours=
  if [ ! -e "$config" ]; then # PostgreSQL is new here: no system cluster of it is wanted
    ours=yes
    "${AS_ROOT[@]}" mkdir -p "$(dirname "$config")"
    echo 'create_main_cluster = false' | "${AS_ROOT[@]}" tee "$config"
  fi
  local apt=("${AS_ROOT[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300)
  "${apt[@]}" update
  "${apt[@]}" install -y --no-install-recommends "$@"
  # the package has put its own beside ours
  if [ "$ours" ] && [ -e "$config.ucf-dist" ]; then "${AS_ROOT[@]}" mv "$config.ucf-dist" "$config"; fi
}

install_system_packages() {
  local missing
  mapfile -t missing < <(missing_packages)
  ((${#missing[@]})) || return 0
  may_install || die "This machine lacks: ${missing[*]} (names of Debian 12 packages).
     On Debian 12, as root or with sudo, ./run installs them. On other systems install them by hand,
     or use containers: docker-compose.yml, after copying deploy/env.example to .env."
  step "Installing system packages (${missing[*]})" apt_install "${missing[@]}"
  mapfile -t missing < <(missing_packages)
  ((${#missing[@]} == 0)) || die "Still missing after installation: ${missing[*]}."
}

install_browser() { # the tests of pages want Chromium; where it cannot be installed they are skipped, and say so
  [ ! -x /usr/bin/chromium ] || return 0
  if may_install; then step "Installing Chromium" apt_install chromium || say "Without it the tests in a browser are skipped."; fi
}

install_age() { # and those of backups want age
  ! command -v age >/dev/null || return 0
  if may_install; then step "Installing age" apt_install age || say "Without it the tests of backups are skipped."; fi
}

install_settable_clock() { # the tests of a month that runs by itself want libfaketime, likewise
  ! compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' >/dev/null || return 0
  if may_install; then step "Installing libfaketime" apt_install faketime || say "Without it the tests under a clock of their own are skipped."; fi
}

install_python_packages() { # runtime|development: from the lock of that name, again only where the lock has changed
  local lock=requirements/$1.txt mark=.venv/installed
  if ! "$PYTHON" -c 'import pip' 2>/dev/null; then
    step "Making .venv" "$(system_python)" -m venv --clear .venv
  elif grep -qsxF "$(sha256sum "$lock")" "$mark"; then
    return
  fi
  step "Installing Python packages ($lock)" "$PYTHON" -m pip install --disable-pip-version-check --require-hashes -r "$lock"
  sha256sum requirements/runtime.txt "$lock" >"$mark" # the development lock holds the runtime's
}
