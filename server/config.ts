import * as z from 'zod'
import { Problem } from './problem.ts'

const whole = (from: number, to: number, fallback: number) => {
  const expected = `a whole number from ${from} to ${to}`
  return z
    .string()
    .regex(/^\d{1,9}$/, expected)
    .transform(Number)
    .refine((value) => value >= from && value <= to, expected)
    .default(fallback)
}

const onOrOff = (fallback: boolean) =>
  z
    .enum(['on', 'off'], 'on or off')
    .transform((value) => value === 'on')
    .default(fallback)

const origins = (example: string) =>
  z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean),
    )
    .refine(
      (hosts) => hosts.every(isAllowedOrigin),
      `origins such as ${example}, comma-separated, without a path; http: only for loopback`,
    )
    .default([])

const environment = z.object({
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, 'a host name or address such as 127.0.0.1')
    .default('127.0.0.1'),
  PORT: whole(0, 65_535, 4600),
  PUBLIC_URL: z.string().refine(isOrigin, 'an origin such as https://trueup.example.com, without a path').optional(),
  DATABASE_PATH: z.string().default('./data/trueup.db'),
  MASTER_KEY: z
    .string()
    .refine(isMasterKey, '32 random bytes in base64, 44 characters, such as `openssl rand -base64 32` prints')
    .optional(),
  TRUSTED_PROXY: onOrOff(false),
  CONNECTWISE_CLIENT_ID: z.guid('a GUID such as 6f9619ff-8b86-d011-b42d-00cf4fc964ff').optional(),
  CONNECTWISE_HOSTS: origins('https://manage.example.com'),
  SOURCE_HOSTS: origins('https://api.vendor.example'),
  CONNECTWISE_CONCURRENCY: whole(1, 16, 4),
  SYNC_HORIZON_SECONDS: whole(1, 86_400, 900),
  SYNC_LEASE_SECONDS: whole(3, 3_600, 90),
  TICK: onOrOff(true),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error'], 'debug, info, warn or error').default('info'),
})

export type Config = Omit<z.infer<typeof environment>, 'PUBLIC_URL'> & { PUBLIC_URL: string }

/** Environment → Config. Throws a Problem that names each wrong variable and what was expected, never its value. */
export function readConfig(variables: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = environment.safeParse(given)
  if (!parsed.success) {
    const places = parsed.error.issues.map((issue) => ({
      path: String(issue.path[0]),
      message: `expected ${issue.message}`,
    }))
    throw new Problem('invalid', places.map((place) => `${place.path}: ${place.message}`).join('\n'), { places })
  }
  const { HOST, PORT, PUBLIC_URL } = parsed.data
  return { ...parsed.data, PUBLIC_URL: PUBLIC_URL ?? `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${PORT}` }
}

/** Whether only this machine can reach the listener. */
export const isLoopback = (host: string): boolean => ['127.0.0.1', 'localhost', '::1', '[::1]'].includes(host)

function isAllowedOrigin(text: string): boolean {
  if (!isOrigin(text)) return false
  const { protocol, hostname } = new URL(text)
  return protocol === 'https:' || isLoopback(hostname)
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return url.origin === text && /^https?:$/.test(url.protocol)
}

/** 32 bytes in base64. A key of few different bytes is somebody's example, not random. */
export function isMasterKey(text: string): boolean {
  return /^[A-Za-z0-9+/]{43}=$/.test(text) && new Set(atob(text)).size >= 16
}
