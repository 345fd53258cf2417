import { readdirSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const folders = (parent: string) =>
  readdirSync(new URL(parent, import.meta.url), { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [`${parent}/${entry.name}`] : []))
const roots = [...folders('packages').filter((folder) => folder !== 'packages/examples'), ...folders('packages/examples')]
const conditions = ['source', 'module', 'node', 'development|production']

export default defineConfig({
  resolve: {
    conditions,
    alias: { '@lossworks/testing': fileURLToPath(new URL('packages/testing/src/index.ts', import.meta.url)) },
  },
  ssr: { resolve: { conditions } },
  test: {
    maxWorkers: 2,
    // A machine that does other work must not fail a test.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    allowOnly: false,
    projects: roots.map((root) => ({
      extends: true,
      test: { name: basename(root), root, include: ['test/**/*.test.ts'] },
    })),
  },
})
