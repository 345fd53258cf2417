import { library } from '../../tsup.shared'

export default library('src/chromium.ts', 'src/mnist.ts')
