import { missAnswers } from '../observation.ts'

/**
 * What sets traffic apart that is nobody who depends on the service. A rule is a name and a reason; it acts when numbers are read, not when
 * they are stored, so that it can be changed and taken back at any time.
 */
export type JunkRule = {
  name: string
  /** Why this is nobody, as the second half of a sentence. */
  because: string
} & (
  | { by: 'user-agent'; patterns: string[] }
  | { by: 'account'; patterns: string[] }
  /** Clients of no account that asked often, and only for what is not there. */
  | { by: 'missed' }
)

/** A client is taken for a crawler after so many requests. */
export const leastMisses = 20

/** In order; the first that fits names the traffic. User agents as they stand in public logs and documentation (2026-11). */
export const builtInJunk: readonly JunkRule[] = [
  {
    name: 'scanner',
    because: 'the user agent is that of a scanner of the internet or of a tool that looks for weaknesses',
    by: 'user-agent',
    patterns: [
      '*zgrab/*',
      '*masscan*',
      '*CensysInspect*',
      '*Nmap Scripting Engine*',
      '*Nuclei - Open-source project*',
      '*(Nikto/*',
      'sqlmap/*',
      '*Expanse, a Palo Alto Networks company*',
      '*internet-measurement.com*',
      '*InternetMeasurement/*',
      'l9explore/*',
      'l9tcpid/*',
      '*leakix.net*',
      '*ssllabs.com/*',
      '*NetcraftSurveyAgent*',
      'WPScan *',
      'gobuster/*',
      'Fuzz Faster U Fool*',
      'TLS tester from *',
      '*Nessus*',
      '*shodan.io*',
    ],
  },
  {
    name: 'monitor',
    because: 'the user agent is that of a health check or of a service that watches for outages',
    by: 'user-agent',
    patterns: [
      'kube-probe/*',
      'ELB-HealthChecker/*',
      'GoogleHC/*',
      'Amazon-Route53-Health-Check-Service*',
      'Edge Health Probe*',
      'Azure Traffic Manager Endpoint Monitor*',
      'Consul Health Check',
      'check_http/*',
      'Blackbox Exporter/*',
      'Blackbox-Exporter/*',
      '*Pingdom*',
      '*UptimeRobot*',
      '*StatusCake*',
      '*Site24x7*',
      '*Better Uptime Bot*',
      'Uptime-Kuma/*',
      '*HetrixTools*',
      '*updown.io*',
      'Datadog/Synthetics*',
      'DatadogSynthetics*',
      '*NewRelicPinger*',
    ],
  },
  {
    name: 'crawler',
    because: `the client is of no account and asked ${leastMisses} times or more, each time for what is not there (answered ${missAnswers.join(', ')})`,
    by: 'missed',
  },
]
