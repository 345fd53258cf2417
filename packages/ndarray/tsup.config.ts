import { library } from '../../tsup.shared'

export default library('src/internal.ts', 'src/tfjs.ts', 'src/doctor.ts')
