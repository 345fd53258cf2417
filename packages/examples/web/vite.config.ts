import { fileURLToPath } from 'node:url'
import { defaultClientConditions, defineConfig } from 'vite'
import { isolation } from './src/isolation.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  root: here('page'),
  base: './',
  publicDir: here('dist/public'),
  resolve: { conditions: ['source', ...defaultClientConditions] },
  build: { outDir: here('dist/page'), emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0, chunkSizeWarningLimit: 1000 },
  worker: { format: 'es' },
  server: { headers: isolation },
  preview: { headers: isolation },
})
