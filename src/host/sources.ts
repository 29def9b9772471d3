/** Where the facts about Windows and .NET come from: one entry per publication, cited by code in the tables of this folder. */
export const sources = {
  S1: 'Win32 documentation: Protocols in TLS/SSL (Schannel SSP), 2025-03',
  S2: 'Windows Server documentation: TLS registry settings, protocol versions',
  S3: 'Win32 documentation: WinHTTP option flags, WINHTTP_OPTION_SECURE_PROTOCOLS',
  S5: 'KB3140245: TLS 1.1 and 1.2 as default secure protocols in WinHTTP',
  S6: 'Configuration Manager documentation: enable TLS 1.2 on clients and site servers',
  S7: 'KB5017811: TLS 1.0 and 1.1 after the change of 2022-09-20',
  S8: 'Win32 documentation: SCHANNEL_CRED, SCH_CREDENTIALS',
  S9: 'Win32 documentation: TLS 1.0 and 1.1 deprecation in Windows; Windows IT Pro blog, 2023-08',
  S10: 'Windows Server documentation: features removed or no longer developed, 2025-09',
  S11: 'Windows Server documentation: Schannel changes in Windows 10 and Server 2016',
  S12: 'Microsoft security documentation: Solving the TLS 1.0 problem',
  S13: '.NET documentation: TLS best practices with .NET Framework; installed versions, 2025-10',
  S14: '.NET Framework reference source: System.Net configuration, AppContext, SslStream, HttpWebRequest',
  S15: 'KB3154517 to KB3154520: TLS system defaults in .NET Framework 3.5',
  S16: '.NET Framework reference source: System.ServiceModel; dotnet/wcf',
  S17: 'dotnet/corefx 28733, 28788, 8518; dotnet/runtime 113525',
  S18: 'dotnet/docs 13787, 4675',
  S19: 'dockerfiles-windows 57: protocols seen in a Server Core 14393 image',
  S20: '.NET documentation: TLS/SSL best practices; Kestrel defaults',
  S21: 'dotnet/docs 20842: default cipher suites of .NET 5 on Linux',
  INF: 'inferred from the entries beside it; no text says so',
} as const

export type SourceId = keyof typeof sources
