import { defineConfig } from '@playwright/test'
import tests from '../playwright.config.ts'

/** Not tests: what `npm run screenshots` draws into `screenshots/`. */
export default defineConfig({ ...tests, testDir: '.', testMatch: 'screenshots.ts' })
