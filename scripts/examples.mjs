// Compiles and runs the programs of the READMEs and the guide, and compares what they print with what the page says.
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { difference, examplesOf } from './markdown-examples.mjs'
import { pages } from './packages.mjs'
import { root, run } from './toolchain.mjs'

const only = process.argv.slice(2)
const sources = join(root, 'docs', 'out', 'examples')
rmSync(sources, { recursive: true, force: true })
mkdirSync(sources, { recursive: true })

const examples = pages()
  .filter((page) => only.length === 0 || only.some((each) => page.includes(each)))
  .flatMap((page) => examplesOf(readFileSync(join(root, page), 'utf8')).map((example) => ({ page, ...example })))
for (const example of examples) {
  example.name = `${example.page.replaceAll(/[/\\]/g, '.')}.${example.line}`
  // At the line where it stands in the page, so that the compiler's lines are the page's.
  writeFileSync(join(sources, `${example.name}.ts`), '\n'.repeat(example.line - 1) + example.code + '\nexport {}\n')
}
writeFileSync(join(sources, 'tsconfig.json'), JSON.stringify({
  extends: '../../../tsconfig.base.json',
  compilerOptions: { noEmit: false, outDir: 'js', rootDir: '.', customConditions: [], paths: {}, noUncheckedIndexedAccess: false, module: 'esnext', lib: ['es2023', 'dom', 'dom.iterable'] },
  include: ['*.ts'],
}))
run('tsc', ['-p', sources])

const waiting = examples.filter(({ runs }) => runs)
const failures = []
await Promise.all([1, 2].map(async () => {
  for (let example = waiting.shift(); example; example = waiting.shift()) {
    const complaint = await check(example)
    if (complaint) failures.push(complaint)
  }
}))
for (const failure of failures) console.error(failure)
if (failures.length > 0) process.exit(1)
console.log(`${examples.length} programs compiled, ${examples.filter(({ runs }) => runs).length} run, ${examples.filter(({ expected }) => expected).length} outputs compared.`)

async function check({ page, line, name, expected }) {
  const folder = mkdtempSync(join(tmpdir(), 'lossworks-readme-'))
  try {
    symlinkSync(join(root, 'docs', 'node_modules'), join(folder, 'node_modules'), 'junction')
    const { stdout } = await promisify(execFile)(process.execPath, [join(sources, 'js', `${name}.js`)], { cwd: folder, timeout: 120_000 })
    const wrong = expected === undefined ? undefined : difference(stdout, expected)
    return wrong && `${relative('', join(root, page))}:${line}: ${wrong}. It printed\n\n${stdout}\nFix the program or the page; node scripts/examples.mjs ${page} tries again.\n`
  } catch (error) {
    return `${page}:${line}: ${error.stderr || error.message}\nFix the program or the page; node scripts/examples.mjs ${page} tries again.\n`
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
