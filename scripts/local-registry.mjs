// A registry of our own on loopback, for rehearsals: what it does not have it fetches from the registry that npm is configured with.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { root, run } from './toolchain.mjs'

// Not in package.json: 330 packages that only the rehearsal needs would cost every fresh clone their download.
const tools = join(root, 'node_modules', '.cache', 'rehearsal')
const verdaccio = 'verdaccio@6.8.0' // the last that takes Node 20

/** Installs packages for the rehearsal, once; returns the folder that holds `node_modules`. */
export function rehearsalTools(...packages) {
  const wanted = [verdaccio, ...packages]
  mkdirSync(tools, { recursive: true })
  if (!wanted.every((each) => existsSync(join(tools, 'node_modules', each.slice(0, each.lastIndexOf('@')))))) {
    // Verdaccio asks for a tag of node-fetch that not every registry carries.
    writeFileSync(join(tools, 'package.json'), JSON.stringify({ private: true, overrides: { 'node-fetch': '^2.7.0' } }))
    run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error', ...wanted], { cwd: tools, stdio: ['ignore', 'ignore', 'inherit'] })
  }
  return tools
}

/** Starts the registry with its storage in `folder`; anybody may publish `packages` (patterns). Returns its address and how to stop it. */
export async function startRegistry(folder, uplink, packages) {
  const port = await freePort()
  const own = { access: '$all', publish: '$all' }
  const configuration = join(folder, 'verdaccio.json')
  writeFileSync(configuration, JSON.stringify({
    storage: join(folder, 'storage'),
    uplinks: { upstream: { url: uplink, timeout: '60s', maxage: '60m', max_fails: 10 } },
    packages: { ...Object.fromEntries(packages.map((pattern) => [pattern, own])), '**': { access: '$all', proxy: 'upstream' } },
    max_body_size: '100mb',
    web: { enable: false },
    log: { type: 'file', path: join(folder, 'verdaccio.log'), level: 'warn' },
  }))
  const server = spawn(process.execPath, [join(tools, 'node_modules', 'verdaccio', 'bin', 'verdaccio'), '--config', configuration, '--listen', `127.0.0.1:${port}`], { stdio: 'ignore' })
  const stop = () => server.kill()
  const address = `http://127.0.0.1:${port}/`
  for (let attempt = 0; attempt < 150; attempt++) {
    if (server.exitCode !== null) throw new Error(`verdaccio ended with code ${server.exitCode}; its configuration was ${configuration}`)
    if (await fetch(`${address}-/ping`).then(({ ok }) => ok, () => false)) return { address, stop }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  stop()
  throw new Error(`verdaccio did not answer at ${address} within 30 s.`)
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}
