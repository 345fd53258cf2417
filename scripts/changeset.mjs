// changesets with pnpm on the path, which `changeset publish` starts by its name.
import { install, run } from './toolchain.mjs'

run('changeset', process.argv.slice(2), { env: install() })
