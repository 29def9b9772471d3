import type { Recipe } from '../recipe.ts'
import {
  bearssl,
  boostAsio,
  botan,
  envoyApi,
  gnutlsVersions,
  mbedtls,
  nss,
  poco,
  qt,
  wolfssl,
} from './c-libraries.ts'
import { cloudEnums, cloudPolicies } from './cloud-policies.ts'
import { apacheProtocol, cryptoPolicyFile, daemonSwitches, haproxy, optionLists } from './directives.ts'
import { dotnetProtocols } from './dotnet-protocols.ts'
import { dotnetSwitches } from './dotnet-switches.ts'
import { dotnetTarget } from './dotnet-target.ts'
import { gnutlsPriority } from './gnutls-priority.ts'
import { goDebug, goTls } from './go-tls.ts'
import { jvmCode, okhttpCompatible } from './jvm-code.ts'
import { javaSecurity, jvmOptions } from './jvm-options.ts'
import { libcurl } from './libcurl.ts'
import { appleTls, beamSsl, genericCode, rustMozilla, rustTls } from './native-code.ts'
import { offOptions } from './off-options.ts'
import { opensslC } from './openssl-c.ts'
import { commandOptions, connectionStrings, environmentSettings } from './options.ts'
import { pythonSsl } from './python-ssl.ts'
import { registry } from './registry.ts'
import { schannel } from './schannel.ts'
import { jsTls, perlSsl, phpStreams, rubyOpenssl } from './scripting-code.ts'
import { securityLevel } from './security-level.ts'
import { settings } from './settings.ts'
import { curlOptions, hostEdits, nodeOptions, probes, wgetOptions } from './shell.ts'
import { cloudfrontDefault, gatewaySwitches, httpServers, infoPlist } from './structured.ts'
import { winhttp } from './winhttp.ts'

/** Every recipe, the more exact ones first: where two find the same place, the first one speaks. */
export const recipes: readonly Recipe[] = [
  dotnetProtocols,
  dotnetSwitches,
  dotnetTarget,
  opensslC,
  offOptions,
  securityLevel,
  libcurl,
  winhttp,
  schannel,
  gnutlsPriority,
  gnutlsVersions,
  bearssl,
  boostAsio,
  botan,
  qt,
  mbedtls,
  wolfssl,
  nss,
  envoyApi,
  poco,
  jvmCode,
  okhttpCompatible,
  jvmOptions,
  javaSecurity,
  pythonSsl,
  jsTls,
  goTls,
  goDebug,
  rubyOpenssl,
  phpStreams,
  perlSsl,
  rustTls,
  rustMozilla,
  appleTls,
  beamSsl,
  curlOptions,
  wgetOptions,
  nodeOptions,
  hostEdits,
  probes,
  registry,
  infoPlist,
  haproxy,
  optionLists,
  daemonSwitches,
  cryptoPolicyFile,
  apacheProtocol,
  httpServers,
  gatewaySwitches,
  cloudfrontDefault,
  cloudPolicies,
  cloudEnums,
  settings,
  commandOptions,
  environmentSettings,
  connectionStrings,
  genericCode,
]
