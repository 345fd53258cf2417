// The public API of every package as text in api/: `pnpm api` writes it, `npm test` compares. A public name or member without a docstring is an error.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor'
import { publicPackages } from './packages.mjs'
import { root } from './toolchain.mjs'

const write = process.argv.includes('--write')
const folders = { reportFolder: join(root, 'api'), reportTempFolder: join(root, 'node_modules', '.cache', 'api') }
for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true })
const silent = { logLevel: 'none' }

let failed = false
const undocumented = []
for (const { name, folder, manifest } of publicPackages()) {
  for (const [subpath, { types }] of Object.entries(manifest.publishConfig?.exports ?? {})) {
    const reportFileName = `${name.split('/').at(-1)}${subpath.slice(1).replace('/', '-')}.api.md`
    const projectFolder = join(root, folder)
    const config = ExtractorConfig.prepare({
      configObject: {
        projectFolder,
        mainEntryPointFilePath: join(projectFolder, types),
        compiler: { overrideTsconfig: { compilerOptions: { target: 'es2022', lib: ['es2023'], types: ['node'], module: 'esnext', moduleResolution: 'bundler', strict: true, skipLibCheck: true } } },
        apiReport: { enabled: true, reportFileName, ...folders },
        docModel: { enabled: false },
        dtsRollup: { enabled: false },
        tsdocMetadata: { enabled: false },
        newlineKind: 'lf',
        messages: { compilerMessageReporting: { default: silent }, tsdocMessageReporting: { default: silent }, extractorMessageReporting: { default: silent } },
      },
      configObjectFullPath: undefined,
      packageJsonFullPath: join(projectFolder, 'package.json'),
    })
    const { apiReportChanged } = Extractor.invoke(config, { localBuild: write, messageCallback: (message) => { message.handled = true } })
    if (apiReportChanged && !write) {
      spawnSync('git', ['--no-pager', 'diff', '--no-index', '--', join('api', reportFileName), join(folders.reportTempFolder, reportFileName)], { cwd: root, stdio: 'inherit' })
      failed = true
    }
    undocumented.push(...undocumentedIn(readFileSync(join(folders.reportTempFolder, reportFileName), 'utf8')).map((each) => `${name}${subpath.slice(1)} ${each}`))
  }
}
if (undocumented.length > 0) {
  console.error(`No docstring: ${undocumented.join(', ')}. Say what each is, with shape, unit, default, errors and source (paper or MXNet's name), or take it out of the public API.`)
}
if (failed) {
  console.error('The public API is not what api/ says. If that is meant, `pnpm api` writes the new one; commit it with the change.')
}
process.exit(failed || undocumented.length > 0 ? 1 : 0)

/** Names that a report marks so: `bool`, `Executor.outputs`. */
function undocumentedIn(report) {
  const declared = (line) => /^(?:export )?(?:declare |abstract )*(?:class|interface|function|const|type|enum) (\w+)/.exec(line)?.[1]
  const member = (line) => /^ +(?:static |readonly |abstract |get |set )*([^(:?<]*)/.exec(line)?.[1] || 'call'
  const lines = report.split('\n')
  let owner
  return lines.flatMap((line, i) => {
    owner = declared(line) ?? owner
    if (!line.endsWith('(undocumented)')) return []
    return [declared(lines[i + 1]) ?? `${owner}.${member(lines[i + 1])}`]
  })
}
