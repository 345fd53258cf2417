import { library } from '../../tsup.shared'

export default library('src/mnist-node.ts')
