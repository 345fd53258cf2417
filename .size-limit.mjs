// What an import costs, minified and compressed: `npx size-limit` tells. Metrics count as `create`, which knows them all by name.
const sizes = [
  ['metrics', '{ create }', '15 kB'],
  ['optim', '*', '27 kB'],
  ['ndarray', '*', '20 kB'],
  ['data', '*', '15 kB'],
  ['graph', '*', '70 kB'],
  ['losses', '*', '75 kB'],
  ['module', '*', '105 kB'],
]

// The engine comes with a dynamic import, when the first value is read.
const withoutEngine = {
  name: 'without-engine',
  setup(build) {
    build.onResolve({ filter: /./ }, ({ kind, path }) => (kind === 'dynamic-import' ? { path, external: true } : undefined))
  },
}

export default sizes.map(([name, names, limit]) => ({
  name: `import ${names} from '@lossworks/${name}'`,
  path: `packages/${name}/dist/index.js`,
  import: names,
  limit,
  gzip: true,
  modifyEsbuildConfig: (config) => ({ ...config, platform: 'node', logLevel: 'error', plugins: [...(config.plugins ?? []), withoutEngine] }),
}))
