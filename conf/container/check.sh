#!/usr/bin/env bash
# Checks what is in this folder, as root on a Debian machine; needs no container engine and no registry of images.
#
#   check.sh manifests   Compose, balancer, Kubernetes, alerts, dashboard against their schemas or programs
#   check.sh image       builds the image of target/posthaste.jar on a bare Debian and runs it on a PostgreSQL of this machine
#   check.sh             both; four minutes
set -euo pipefail
cd "$(dirname "$0")/../.."
here=conf/container
work=$(mktemp -d)
started=()

finish() {
  status=$?
  for pid in "${started[@]}"; do
    pkill -KILL --parent "$pid" || kill -KILL "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  [ ! -d "$work/postgres" ] || as_postgres pg_ctl stop -s -m immediate -D "$work/postgres" || true
  rm -rf "$work"
  exit $status
}
trap finish EXIT

say() { printf '\n== %s\n' "$*"; }

install_missing() {
  missing=()
  for tool in buildah curl docker-compose haproxy jq mmdebstrap npm prometheus:promtool python3; do
    command -v "${tool#*:}" >/dev/null || missing+=("${tool%:*}")
  done
  python3 -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv)
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
  [ ${#missing[@]} -gt 0 ] || return 0
  say "Installing ${missing[*]}"
  apt-get update -q
  DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}" >"$work/apt.log" ||
    { cat "$work/apt.log"; return 1; }
}

# --- manifests

check_manifests() {
  say Compose and balancer
  POSTGRES_PASSWORD=a POSTHASTE_OPERATOR_KEY=b POSTHASTE_ENCRYPTION_KEYS=k1:c \
    docker-compose -f $here/compose.yaml config --quiet
  haproxy -c -q -f $here/haproxy.cfg 2>/dev/null
  say Kubernetes
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install -q --disable-pip-version-check kubernetes-validate grafana-foundation-sdk
  find $here/kubernetes -name '*.yaml' ! -name kustomization.yaml ! -name monitor.yaml -exec \
    "$work/venv/bin/kubernetes-validate" --strict -k 1.33 {} +
  # What is not of Kubernetes itself has its schema elsewhere.
  npm install --silent --no-audit --no-fund --prefix "$work/npm" @kubernetes-models/prometheus-operator@6
  cp $here/monitoring/check-monitor.mjs "$work/npm/"
  "$work/venv/bin/python" -c 'import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)' \
    <$here/kubernetes/monitor.yaml >"$work/monitor.json"
  node "$work/npm/check-monitor.mjs" "$work/monitor.json"
  say Alerts and dashboard
  promtool check rules $here/monitoring/alerts.yaml
  promtool test rules $here/monitoring/alerts_test.yaml
  "$work/venv/bin/python" $here/monitoring/check.py schema
  "$work/venv/bin/python" $here/monitoring/check.py rules >"$work/dashboard-rules.yaml"
  promtool check rules "$work/dashboard-rules.yaml"
}

# --- image

with_store() { buildah --root "$work/store" --runroot "$work/run" --storage-driver vfs "$@"; }

# A base from the packages of this machine's own Debian, and the same with this machine's JDK.
make_bases() {
  say A bare Debian and a JDK
  . /etc/os-release
  mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | head -1)
  mmdebstrap --quiet --variant=essential --components=main --include=ca-certificates,libstdc++6 \
    "$VERSION_CODENAME" "$work/base.tar" "$mirror"
  tar -chf "$work/jdk.tar" --exclude=src.zip --exclude=./demo --transform 's,^\.,opt/jdk,' \
    -C "$(sh src/build/newest-jdk)" .
  made=$(with_store from scratch)
  with_store add -q "$made" "$work/base.tar" / >/dev/null
  with_store commit -q --format docker "$made" localhost/base >/dev/null
  with_store add -q "$made" "$work/jdk.tar" / >/dev/null
  with_store config --env JAVA_HOME=/opt/jdk "$made"
  with_store commit -q --rm --format docker "$made" localhost/jdk >/dev/null
  rm "$work/base.tar" "$work/jdk.tar"
}

build_image() {
  make_bases
  say The image
  with_store build -q --isolation chroot --format docker --ignorefile $here/Dockerfile.dockerignore \
    --build-arg BASE=localhost/base --build-arg JDK=localhost/jdk -f $here/Dockerfile -t localhost/posthaste .
  root=$(with_store mount "$(with_store from localhost/posthaste)")
  with_store inspect --type image localhost/posthaste >"$work/image.json"
  du -sh "$root/srv/posthaste" "$root"
}

as_postgres() {
  bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
  program=$1
  shift
  setpriv --reuid postgres --regid postgres --clear-groups "$bin/$program" "$@"
}

start_postgres() {
  chmod 711 "$work"
  install -d -o postgres -m 0700 "$work/postgres"
  as_postgres initdb -D "$work/postgres" -A trust >/dev/null
  as_postgres pg_ctl start -s -w -D "$work/postgres" -l "$work/postgres/log" \
    -o "-p 25432 -c listen_addresses=127.0.0.1 -c unix_socket_directories=$work/postgres"
  as_postgres createdb -h 127.0.0.1 -p 25432 posthaste
}

# What an engine does with the image: entry point, user, read-only root, a /tmp that nothing can be run from, first process.
# Takes the place of the shell that calls it.
container() {
  mapfile -t command < <(jq -r '.Docker.config | .Entrypoint[], .Cmd[]' "$work/image.json")
  mapfile -t variables < <(jq -r '.Docker.config.Env[]' "$work/image.json")
  exec env -i "${variables[@]}" "$@" ROOT="$root" WHO="$(jq -r .Docker.config.User "$work/image.json")" \
    unshare --mount --pid --ipc --fork bash -c '
      set -e
      mount --bind "$ROOT" "$ROOT"
      mount -t tmpfs -o noexec,nosuid,nodev,mode=1777 tmpfs "$ROOT/tmp"
      mount -t tmpfs -o noexec,nosuid,nodev,mode=0700,uid=65532,gid=65532 tmpfs "$ROOT/data"
      mount -t tmpfs tmpfs "$ROOT/dev"
      for device in null random urandom; do
        touch "$ROOT/dev/$device"
        mount --bind "/dev/$device" "$ROOT/dev/$device"
      done
      mount -t proc proc "$ROOT/proc"
      mount -o remount,bind,ro "$ROOT"
      exec chroot --userspec="$WHO" "$ROOT" "$@"' container "${command[@]}"
}

# Starts one and waits until it takes events; the milliseconds that took are in $took, its unshare in $node.
start_container() {
  begun=$(date +%s%N)
  container POSTHASTE_DATABASE_URL=postgresql://postgres@127.0.0.1:25432/posthaste?sslmode=disable \
    POSTHASTE_HTTP_HOST=127.0.0.1 POSTHASTE_HTTP_PORT=28080 POSTHASTE_OPERATOR_KEY="$key" POSTHASTE_TARGETS_HTTP=true \
    POSTHASTE_TARGETS_ALLOW=127.0.0.0/8 POSTHASTE_HTTP_READY_GRACE=2s "$@" >"$work/node.log" 2>&1 &
  node=$!
  started+=("$node")
  until POSTHASTE_HTTP_PORT=28080 bash "$root/srv/posthaste/healthy" /health/ready 2>/dev/null; do
    kill -0 "$node" 2>/dev/null || { cat "$work/node.log"; return 1; }
    sleep 0.02
  done
  took=$((($(date +%s%N) - begun) / 1000000))
}

# SIGTERM to the first process: it must end by itself, with 0, in less than 30 s.
stop_container() {
  pkill -TERM --parent "$node"
  timeout 30 tail --pid="$node" -f /dev/null || { echo "does not stop" >&2; return 1; }
  wait "$node" || { echo "exit $?" >&2; cat "$work/node.log" >&2; return 1; }
}

call() {
  curl -sS --fail-with-body -H "authorization: Bearer $key" -H 'content-type: application/json' \
    "http://127.0.0.1:28080$1" "${@:2}"
}

check_image() {
  [ -f target/posthaste.jar ] || make package
  build_image
  start_postgres
  key=$(head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n')
  say First start
  start_container
  echo "ready after $took ms, the tables made"
  POSTHASTE_HTTP_PORT=28080 bash "$root/srv/posthaste/healthy"
  stop_container
  say Start on an existing database
  strict=
  ! grep -q AOTCache "$root/srv/posthaste/java.options" || strict=_JAVA_OPTIONS=-XX:AOTMode=on
  start_container ${strict:+"$strict"}
  echo "ready after $took ms, with the cache of classes"
  say One event
  python3 $here/receiver.py 28081 >"$work/received" &
  started+=("$!")
  call /webhooks/v1/endpoints -d '{"url": "http://127.0.0.1:28081/", "eventTypeFilters": ["*"]}' >/dev/null
  call /webhooks/v1/events -d '{"type": "image.works", "data": {"run": 1}}'
  for _ in $(seq 200); do
    ! grep -q image.works "$work/received" || break
    sleep 0.1
  done
  echo
  grep image.works "$work/received"
  call /metrics >"$work/metrics"
  grep 'BoringSSL and native transport' "$work/node.log"
  say "SIGTERM"
  stop_container
  grep -E 'Stopping|Stopped' "$work/node.log"
  echo "exit 0"
  say The names of the metrics
  python3 $here/monitoring/check.py names "$work/metrics"
}

[ "$(id -u)" = 0 ] || { echo "must be root: it installs packages and makes file systems" >&2; exit 1; }
install_missing
case ${1:-all} in
  manifests) check_manifests ;;
  image) check_image ;;
  all) check_manifests; check_image ;;
  *) sed -n '2,7p' "$0"; exit 2 ;;
esac
say "All of it holds"
