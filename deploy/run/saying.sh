# shellcheck shell=bash
# What ./run says while it works: a line, a step with its time, or why it ends.

say() { printf '%s\n' "$@" >&2; }

die() {
  say "run: $*"
  exit 1
}

ticker() { # TITLE: shows that a step is still going, and for how long; waits without a process that would outlive it
  local title=$1 began=$SECONDS silence
  exec {silence}<> <(:)
  while ! read -rt 1 -u "$silence" && kill -0 $$ 2>/dev/null; do
    if [ -t 2 ]; then
      printf '\r  %s ... %d s' "$title" $((SECONDS - began)) >&2
    elif ((SECONDS - began == 1 || (SECONDS - began) % 15 == 0)); then
      say "  $title ... $((SECONDS - began)) s"
    fi
  done
}

step() { # TITLE COMMAND...: one line of progress; the command's output is shown only where it fails
  local title=$1 began=$SECONDS output rc ticker
  shift
  ticker "$title" 7>&- 8>&- 9>&- &
  ticker=$!
  set +e
  output=$(set -e && "$@" 2>&1 </dev/null)
  rc=$?
  set -e
  { kill "$ticker" && wait "$ticker"; } 2>/dev/null || true
  [ ! -t 2 ] || printf '\r\033[K' >&2
  if ((rc == 0)); then
    say "  $title: done in $((SECONDS - began)) s"
  else
    say "  $title: failed after $((SECONDS - began)) s" "$output"
  fi
  return "$rc"
}
