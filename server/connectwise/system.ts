import * as z from 'zod'
import { parseBody } from './expect.ts'
import { text } from './wire.ts'

export interface SystemInfo {
  version: string
  /** ConnectWise's own time zone as an IANA name, if it states one that is known. */
  zone: string | undefined
}

const record = z.object({ version: text, serverTimeZone: text })

/** Reads the answer of `/system/info`. */
export function readSystemInfo(body: unknown): SystemInfo {
  const { version, serverTimeZone } = parseBody(record, body, 'system information')
  return { version, zone: ianaZone(serverTimeZone) }
}

/** ConnectWise runs on Windows, whose zones have other names; these are the ones of its own clouds. */
const windowsZones: Record<string, string> = {
  UTC: 'UTC',
  'Eastern Standard Time': 'America/New_York',
  'Central Standard Time': 'America/Chicago',
  'Mountain Standard Time': 'America/Denver',
  'Pacific Standard Time': 'America/Los_Angeles',
  'GMT Standard Time': 'Europe/London',
  'W. Europe Standard Time': 'Europe/Berlin',
  'Romance Standard Time': 'Europe/Paris',
  'South Africa Standard Time': 'Africa/Johannesburg',
  'AUS Eastern Standard Time': 'Australia/Sydney',
  'New Zealand Standard Time': 'Pacific/Auckland',
}

function ianaZone(name: string): string | undefined {
  const zone = windowsZones[name] ?? name
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone && zone
  } catch {
    return undefined
  }
}
