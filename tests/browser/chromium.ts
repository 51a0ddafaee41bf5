import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chromium } from '@playwright/test'

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
]

/** A Chromium of this machine: CHROMIUM's, the distribution's or Playwright's; without any, Playwright's is installed. */
function findChromium(): string {
  const { CHROMIUM } = process.env
  if (CHROMIUM) return CHROMIUM
  const found = [...places, chromium.executablePath()].find((path) => existsSync(path))
  if (found) return found
  const { status } = spawnSync('npx', ['playwright', 'install', '--with-deps', 'chromium'], { stdio: 'inherit' })
  if (status !== 0 || !existsSync(chromium.executablePath()))
    throw new Error('There is no Chromium and none could be installed: install one and name it in CHROMIUM.')
  return chromium.executablePath()
}

/** Nothing of its own goes over the network, and it runs as root too. */
export const chromiumOptions = {
  executablePath: findChromium(),
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    // Pages at made-up origins, http too, frame a TrueUp of this machine.
    '--disable-features=LocalNetworkAccessChecks,HttpsUpgrades',
  ],
}
