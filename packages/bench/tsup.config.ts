import { application } from '../../tsup.shared'

export default application('src/main.ts', 'src/contender.ts', 'src/loss-contender.ts', 'src/memory-cost-contender.ts')
