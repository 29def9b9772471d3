#!/bin/sh
# tlsunset host collect: prints what decides this machine's TLS versions. Reads only, needs no root:
#   sh collect.sh > host.txt
LC_ALL=C
export LC_ALL

fact() { printf '; fact %s = %s\n' "$1" "$2"; }

# A configuration file, each line behind a mark, so that line numbers stay those of the file.
config() {
  [ -r "$1" ] || return 0
  printf '; config %s\n' "$1"
  sed 's/^/;| /' "$1"
  printf '\n'
}

printf '; tlsunset host export 1\n'
fact name "$(uname -n)"
fact os linux
fact collected "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
if [ -r /etc/os-release ]; then
  fact release "$(. /etc/os-release && printf '%s' "${PRETTY_NAME:-Linux}")"
fi

directory=
if command -v openssl >/dev/null 2>&1; then
  fact openssl "$(openssl version 2>/dev/null | cut -d ' ' -f 2)"
  directory=$(openssl version -d 2>/dev/null | sed 's/^OPENSSLDIR: "\(.*\)"$/\1/')
fi
if command -v gnutls-cli >/dev/null 2>&1; then
  fact gnutls "$(gnutls-cli --version 2>/dev/null | sed -n '1s/^gnutls-cli //p')"
fi

for file in "${OPENSSL_CONF:-}" "${directory:+$directory/openssl.cnf}" /etc/pki/tls/openssl.cnf \
  /etc/crypto-policies/config /etc/crypto-policies/back-ends/opensslcnf.config \
  "${GNUTLS_SYSTEM_PRIORITY_FILE:-}" /etc/gnutls/config /etc/crypto-policies/back-ends/gnutls.config; do
  [ -n "$file" ] || continue
  case " $seen " in *" $file "*) continue ;; esac
  seen="$seen $file"
  config "$file"
done

for home in "${JAVA_HOME:-}" /usr/lib/jvm/* /usr/java/* /opt/*/ /opt/*/jre; do
  home=${home%/}
  [ -n "$home" ] && [ -r "$home/release" ] || continue
  home=$(cd "$home" 2>/dev/null && pwd -P) || continue
  case " $jvms " in *" $home "*) continue ;; esac
  jvms="$jvms $home"
  version=$(sed -n 's/^JAVA_VERSION="\(.*\)"/\1/p' "$home/release")
  [ -n "$version" ] || continue
  fact jvm "$version $home"
  config "$home/conf/security/java.security"
  config "$home/lib/security/java.security"
  config "$home/jre/lib/security/java.security"
done
printf '; end of tlsunset host export\n'
