import { application } from '../../tsup.shared'

export default application('src/main.ts', 'src/contender.ts', 'src/browser-contender.ts', 'src/loss-contender.ts', 'src/share-contender.ts', 'src/memory-contender.ts', 'src/symbol-contender.ts', 'src/style-contender.ts')
