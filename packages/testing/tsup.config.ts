import { application } from '../../tsup.shared'

export default application('src/index.ts', 'src/conformance.ts', 'src/webgpu-report.ts')
