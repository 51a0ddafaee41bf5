import { fileURLToPath } from 'node:url'
import { defineConfig } from '@playwright/test'
import { chromiumOptions } from './browser/chromium.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

export default defineConfig({
  testDir: 'browser',
  testMatch: '*.test.ts',
  outputDir: `${root}test-results`,
  workers: 1,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: {
    browserName: 'chromium',
    launchOptions: chromiumOptions,
    viewport: { width: 1280, height: 900 },
    timezoneId: 'UTC',
    screenshot: 'only-on-failure',
  },
  webServer: {
    command: 'npx tsx tests/browser/serve.ts',
    cwd: root,
    wait: {
      stdout:
        /TrueUp at (?<trueup_address>\S+), Manage at (?<manage_address>\S+); fresh: (?<fresh_address>\S+), (?<fresh_manage>\S+), code (?<operator_code>[\w-]+); hostile: (?<hostile_address>\S+); shop: (?<shop_address>\S+)\./,
    },
    stderr: 'pipe',
    timeout: 120_000,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 5_000 },
  },
})
