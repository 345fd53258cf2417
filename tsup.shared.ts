import type { Options } from 'tsup'

const shared: Options = {
  format: 'esm',
  target: 'es2022',
  platform: 'node',
  removeNodeProtocol: false,
  skipNodeModulesBundle: true,
  sourcemap: true,
  clean: true,
}

/** A published package, with its types: `src/index.ts` and an entry for each further subpath. */
export const library = (...subpaths: string[]): Options => ({
  ...shared,
  entry: ['src/index.ts', ...subpaths],
  // tsup sets `baseUrl`, which TypeScript 6 calls deprecated.
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
})

/** A private package that is only run: no types. */
export const application = (...entry: string[]): Options => ({ ...shared, entry })
