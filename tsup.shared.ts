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

/** A published package: one entry, with its types. */
export const library = (): Options => ({
  ...shared,
  entry: ['src/index.ts'],
  // tsup sets `baseUrl`, which TypeScript 6 calls deprecated.
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
})

/** A private package that is only run: no types. */
export const application = (...entry: string[]): Options => ({ ...shared, entry })
