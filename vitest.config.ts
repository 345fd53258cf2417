import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const names = ['ndarray', 'graph', 'losses', 'metrics', 'optim', 'data', 'module', 'testing', 'bench', 'examples']
const conditions = ['source', 'module', 'node', 'development|production']

export default defineConfig({
  resolve: {
    conditions,
    alias: { '@lossworks/testing': fileURLToPath(new URL('packages/testing/src/index.ts', import.meta.url)) },
  },
  ssr: { resolve: { conditions } },
  test: {
    maxWorkers: 2,
    allowOnly: false,
    projects: names.map((name) => ({
      extends: true,
      test: { name, root: `packages/${name}`, include: ['test/**/*.test.ts'] },
    })),
  },
})
