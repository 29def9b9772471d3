import { liveMatches } from '../live.ts'
import type { Recipe } from '../recipe.ts'

export const dotnetTarget: Recipe = {
  id: 'dotnet-target',
  title: '.NET Framework: target older than 4.7',
  formats: ['xml'],
  literals: ['targetframework'],
  onlyInherits: true,
  stack: '.NET Framework',
  why: 'The framework compiled against decides the default: SSL 3.0 and TLS 1.0 up to 4.5.2, no system default before 4.7.',
  fix: 'Target 4.7.2 or later, or set SchUseStrongCrypto and SystemDefaultTlsVersions on every machine.',
  sources: ['https://learn.microsoft.com/dotnet/framework/network-programming/tls (2025-10)'],
  *find(source) {
    const pattern =
      /<httpRuntime\b[^>]*\btargetFramework="([\d.]+)"|<TargetFrameworkVersion>\s*v([\d.]+)\s*<|<TargetFrameworks?>\s*net([1-4]\d{1,2})\s*[<;]|<supportedRuntime\b[^>]*\bsku="\.NETFramework,Version=v([\d.]+)/gi
    for (const match of liveMatches(source, pattern)) {
      const version = Number(
        (match[1] ?? match[2] ?? match[4] ?? `${match[3]![0]}.${match[3]!.slice(1)}`)
          .split('.')
          .slice(0, 2)
          .join('.'),
      )
      if (version >= 4.7) continue
      yield {
        start: match.index,
        end: match.index + match[0].length - 1,
        shape: { kind: 'inherits' },
        side: 'client',
      }
    }
  },
}
