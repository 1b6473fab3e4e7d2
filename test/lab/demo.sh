#!/bin/sh
# Shows muster at work: makes two throw-away hosts, runs a playbook on them twice, and removes them again.
# With root on Debian or Ubuntu the hosts are containers; elsewhere a server inside of Node stands in for them.
# --keep leaves the hosts there and tells how to use them; --embedded does without root in any case.
set -eu
cd "$(dirname "$0")/../.."

keep= embedded=
for argument; do
  case $argument in
  --keep) keep=yes ;;
  --embedded) embedded=yes ;;
  *)
    echo "demo: unknown argument '$argument'; there are --keep and --embedded" >&2
    exit 2
    ;;
  esac
done

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
tsx() { node_modules/.bin/tsx "$@"; }

[ -x node_modules/.bin/tsx ] || npm install

# Installs what the lab needs and is not there yet. Fails where that cannot be done.
prepare() {
  missing=
  for pair in debootstrap:debootstrap systemd-nspawn:systemd-container ip:iproute2 ssh:openssh-client dpkg-deb:dpkg; do
    command -v "${pair%%:*}" >/dev/null || missing="$missing ${pair#*:}"
  done
  [ -n "$missing" ] || return 0
  command -v apt-get >/dev/null || return 1
  say "Installing$missing"
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing >/dev/null
}

lab=demo server= directory=
clean_up() {
  trap - EXIT INT TERM
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || :
    wait "$server" 2>/dev/null || :
  elif [ -z "$embedded" ] && [ -z "$keep" ]; then
    tsx test/lab/cli.ts down --name "$lab"
  fi
  [ -z "$directory" ] || rm -rf "$directory"
}

if [ -z "$embedded" ] && [ "$(id -u)" != 0 ]; then
  echo 'demo: this needs root to make containers; without it a server inside of Node stands in for hosts.' >&2
  embedded=yes
fi
if [ -z "$embedded" ] && ! prepare; then
  echo 'demo: the tools for containers cannot be installed here; a server inside of Node stands in for hosts.' >&2
  embedded=yes
fi

trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
say 'Making two hosts'
if [ -n "$embedded" ]; then
  system=false
  directory=$(mktemp -d)
  node_modules/.bin/tsx test/lab/embedded/cli.ts 2 >"$directory/inventory" &
  server=$!
  while [ ! -s "$directory/inventory" ] && kill -0 "$server" 2>/dev/null; do sleep 0.1; done
  inventory=$(cat "$directory/inventory")
else
  system=true
  tsx test/lab/cli.ts down --name "$lab"
  inventory=$(tsx test/lab/cli.ts up 2 --name "$lab")
fi

for round in 'The first run brings the hosts into shape' 'The second run finds nothing to do'; do
  say "$round"
  tsx runner/cli/main.ts run -i "$inventory" playbooks/demo.yml -e "demo_system=$system"
done

if [ -n "$keep" ] && [ -z "$embedded" ]; then
  say 'The hosts are still there'
  echo "inventory:  $inventory"
  echo "log in:     npm run lab -- exec web1 --name $lab"
  echo "remove:     npm run lab -- down --name $lab"
fi
