import { install, run } from './toolchain.mjs'

run('turbo', ['run', 'build', ...process.argv.slice(2)], { env: install() })
