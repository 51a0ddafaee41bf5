import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { readConfig } from '#server/config.ts'
import { createNodeDeps } from '#server/node/deps.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function listen(answer: RequestListener) {
  const server = createServer(answer)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

it('SSRF: on this machine sources reach what SOURCE_HOSTS names, not ConnectWise, and follow no redirect', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'trueup-source-'))
  const manage = await listen((_, response) => response.end('manage'))
  const platform = await listen((request, response) =>
    request.url === '/away' ? response.writeHead(302, { location: manage }).end() : response.end('platform'),
  )
  const config = readConfig({
    CONNECTWISE_HOSTS: manage,
    SOURCE_HOSTS: platform,
    DATABASE_PATH: join(folder, 'trueup.db'),
    LOG_LEVEL: 'error',
    MASTER_KEY: Buffer.from(Array.from({ length: 32 }, (_, i) => i * 7)).toString('base64'),
  })
  const { deps, effects, close } = await createNodeDeps(config)
  expect(await (await deps.fetchSource(new Request(`${platform}/a`))).text()).toBe('platform')
  expect(await (await effects.fetch(new Request(`${manage}/a`))).text()).toBe('manage')
  for (const url of [manage, `${platform}/away`, 'https://127.0.0.1', 'https://169.254.169.254', 'http://localhost:1'])
    await expect(deps.fetchSource(new Request(url))).rejects.toThrow()
  await expect(effects.fetch(new Request(platform))).rejects.toThrow()
  close()
  rmSync(folder, { recursive: true })
})
