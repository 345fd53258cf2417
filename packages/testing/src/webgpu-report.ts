import { NDArray, array, profile, type DType, type Primitive } from '@lossworks/ndarray';
import { record } from '@lossworks/ndarray/internal';
import { primitiveInfos } from './primitives/primitive-infos.js';
import type { PrimitiveInfo, PrimitiveSample } from './primitives/primitive-info.js';
import { startWebGpu } from './webgpu.js';

// `pnpm webgpu-report`: runs every sample of every primitive on WebGPU and says, from the engine's own profile, which nodes the processor ran.

/** Why the provider hands samples with such operands back. */
const reasons: { readonly [dtype in DType]?: string } = {
  uint8: 'WebGPU shaders have no bytes', bool: 'WebGPU shaders have no bytes', int32: 'the provider has this operator for float32 alone',
};

/** The same for primitives whose operands are not the reason. */
const reasonsOf: { readonly [P in Primitive]?: string } = {
  argMax: 'ONNX counts positions in 64 bits, which shaders do not have',
  topK: 'ONNX counts positions in 64 bits, which shaders do not have',
  regionArgMax: 'the provider has no pooling of regions',
};

const engine = await startWebGpu();
if (typeof engine === 'string') {
  console.log(`No report: ${engine}.`);
  process.exit();
}
let [samples, onDevice] = [0, 0];
for (const [primitive, info] of Object.entries(primitiveInfos) as [Primitive, PrimitiveInfo<Primitive>][]) {
  for (const sample of info.samples) {
    samples++;
    const fallen = await nodesOnProcessor(primitive, sample);
    if (fallen.length === 0) onDevice++;
    else console.log(`${primitive}, ${sample.name}: ${fallen.join(', ')} on the processor${because(primitive, sample)}`);
  }
}
console.log(`\n${onDevice} of ${samples} samples ran wholly on the device.`);

async function nodesOnProcessor(primitive: Primitive, { attributes, operands }: PrimitiveSample<Primitive>): Promise<string[]> {
  const inputs = operands.map(({ shape, dtype, data }) => array([...data], { dtype }).reshape(shape).value);
  const { operators } = await profile([new NDArray(record(primitive, attributes as never, inputs))], { runs: 1, device: 'webgpu' });
  return operators.filter(({ ranOn }) => ranOn === 'cpu').map(({ operator }) => operator);
}

function because(primitive: Primitive, { operands }: PrimitiveSample<Primitive>): string {
  const found = reasonsOf[primitive] ?? operands.map(({ dtype }) => reasons[dtype]).find((reason) => reason !== undefined);
  return found === undefined ? '' : `: ${found}`;
}
