import { NDArray, placeholder, vjp, type Primitive, type Program } from '@lossworks/ndarray';
import { derivatives, outline, programOf, record } from '@lossworks/ndarray/internal';
import { difference, singlePrecision } from '../compare.js';
import { primitiveInfos } from '../primitives/primitive-infos.js';
import type { PrimitiveInfo, PrimitiveSample } from '../primitives/primitive-info.js';
import { randomHead } from '../primitives/sample-operands.js';
import { inferredSignature, sampleProgram } from '../primitives/sample-program.js';
import { interpret } from '../reference/interpret.js';
import { runProgram } from '../run-program.js';
import type { EngineCheck } from './engine-check.js';

type AnySample = PrimitiveSample<Primitive>;

/** A program and the numbers it is fed. */
interface Fed {
  readonly program: Program;
  readonly data: readonly (readonly number[])[];
}

const infos = Object.entries(primitiveInfos) as [Primitive, PrimitiveInfo<Primitive>][];

/** Every sample of every primitive by itself. */
export function primitiveChecks(): EngineCheck[] {
  return checksOf(() => true, (primitive, sample) => ({ program: sampleProgram(primitive, sample), data: sample.operands.map(({ data }) => data) }));
}

/** Every sample that has a derivative, together with its gradients: one program, the way a training step meets them. */
export function gradientChecks(): EngineCheck[] {
  return checksOf((primitive, { gradients, operands }) => derivatives[primitive] !== 'none' && gradients !== 'unchecked' && operands.some(isFloat), trainingProgram);
}

const isFloat = ({ dtype }: { readonly dtype: string }): boolean => dtype === 'float32';

function checksOf(isChecked: (primitive: Primitive, sample: AnySample) => boolean, fedBy: (primitive: Primitive, sample: AnySample) => Fed): EngineCheck[] {
  return infos.flatMap(([primitive, { samples, tolerance = singlePrecision }]) =>
    samples.filter((sample) => isChecked(primitive, sample)).map((sample): EngineCheck => ({
      name: `${primitive} for ${sample.name}`,
      run: async (engine, widen) => {
        const { program, data } = fedBy(primitive, sample);
        const actual = await runProgram(engine, program, data);
        return interpret(program, data).map((expected, i) => difference(`output ${i}`, actual[i]!, expected.data, widen(tolerance, primitive))).find((found) => found !== undefined);
      },
    })));
}

function trainingProgram(primitive: Primitive, sample: AnySample): Fed {
  const { shape } = inferredSignature(primitive, sample);
  const numbers = [...sample.operands.map(({ data }) => data), randomHead(shape)];
  const operands = sample.operands.map((operand) => placeholder(operand.shape, operand.dtype));
  const head = placeholder(shape);
  const result = new NDArray(record(primitive, sample.attributes as never, operands.map(({ value }) => value)));
  const gradients = vjp([result], operands.filter(isFloat), [head]);
  const outlined = outline([result, ...gradients].map(({ value }) => value));
  const holders = [...operands, head].map(({ value }) => value);
  return { program: programOf(outlined, []), data: outlined.leaves.map((leaf) => numbers[holders.indexOf(leaf)]!) };
}
