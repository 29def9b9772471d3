#!/usr/bin/env bash
# The real TLS clients, servers and edges that tests use when they are there. `scripts/peers.sh` lists them, `scripts/peers.sh install`
# installs them from Debian's packages (root) and prepares what else the lab wants. A test whose peer is missing is skipped, and says so.
set -euo pipefail

packages=(
  openssl curl wget gnutls-bin libnss3-tools python3 default-jre-headless mono-mcs ca-certificates-mono
  wine64 wine php-cli ruby libio-socket-ssl-perl
  haproxy nginx libnginx-mod-stream chromium-headless-shell tcpdump ripgrep
  clickhouse-server
)

if [ "${1:-list}" = install ]; then
  missing=()
  for package in "${packages[@]}"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  if [ "${#missing[@]}" -gt 0 ]; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq || true
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null || echo "peers: not everything could be installed; tests of what is missing are skipped" >&2
  fi
  node "$(dirname "$0")/lab.mjs"
else
  printf '%s\n' "${packages[@]}"
fi
