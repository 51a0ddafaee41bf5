import { z } from 'zod'
import { Problem } from './problem.ts'

const flagged = z.enum(['on', 'off']).transform((value) => value === 'on')

const environment = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65535).default(4600),
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  DATABASE_PATH: z.string().min(1).default('./data/trueup.db'),
  MASTER_KEY: z
    .string()
    .refine((text) => /^[A-Za-z0-9+/]{43}=$/.test(text), '32 bytes in base64 (44 characters)')
    .optional(),
  CONNECTWISE_CLIENT_ID: z.guid('a GUID').optional(),
  CONNECTWISE_HOSTS: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean),
    )
    .refine(
      (hosts) => hosts.every(isAllowedOrigin),
      'origins such as https://manage.example.com, comma-separated; http: only for loopback',
    ),
  CONNECTWISE_CONCURRENCY: z.coerce.number().int().min(1).max(16).default(4),
  SYNC_HORIZON_SECONDS: z.coerce.number().int().min(1).max(86_400).default(900),
  SYNC_LEASE_SECONDS: z.coerce.number().int().min(3).max(3_600).default(90),
  TICK: flagged.default(true),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
})

export type Config = Omit<z.infer<typeof environment>, 'PUBLIC_URL'> & { PUBLIC_URL: string }

/** Environment → Config. Throws a Problem that names each wrong variable and what was expected. */
export function readConfig(variables: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = environment.safeParse(given)
  if (!parsed.success) {
    const places = parsed.error.issues.map((issue) => ({ path: String(issue.path[0]), message: issue.message }))
    throw new Problem('invalid', places.map((place) => `${place.path}: ${place.message}`).join('\n'), { places })
  }
  return { ...parsed.data, PUBLIC_URL: parsed.data.PUBLIC_URL ?? `http://${parsed.data.HOST}:${parsed.data.PORT}` }
}

function isAllowedOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  const loopback = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  return url.origin === text && (url.protocol === 'https:' || (url.protocol === 'http:' && loopback))
}
