import { application } from '../../../tsup.shared'

export default application('src/main.ts', 'src/index.ts')
