import type { InferenceSession, Tensor } from 'onnxruntime-common';
import type { HeldSession } from './held-session.js';
import { type OnnxGraph, writeModel } from './model-writer.js';
import type { LoadedRuntime } from './runtime.js';

const name = 'refused';

/**
 * An output of a kind that ONNX Runtime's package for Node computes and then refuses to hand over, the first of a graph. What outputs had memory given for is
 * written by then, and the package would go on to copy all of it into fresh memory, which costs more than most of what is computed.
 */
export class RefusedOutput {
  private constructor(private readonly refusal: string) {}

  /** Undefined where the library has no such refusal, or does not write to given memory before. */
  static async find({ runtime, sessionOptions }: LoadedRuntime): Promise<RefusedOutput | undefined> {
    const { Tensor } = runtime;
    const graph: OnnxGraph = {
      nodes: [{ type: 'Neg', inputs: ['x'], outputs: ['y'], attributes: {} }], initializers: [],
      inputs: [{ name: 'x', type: 'float32', shape: [1] }], outputs: [{ name: 'y', type: 'float32', shape: [1] }],
    };
    const session = await runtime.InferenceSession.create(writeModel(withRefused(graph)), { ...sessionOptions, intraOpNumThreads: 1 });
    const given = Float32Array.of(0);
    const refusal = await session.run({ x: new Tensor('float32', Float32Array.of(1), [1]) }, { [name]: null, y: new Tensor('float32', given, [1]) })
      .then(() => undefined, (error: Error) => error.message);
    await session.release();
    return refusal !== undefined && given[0] === -1 ? new RefusedOutput(refusal) : undefined;
  }

  /** The graph with this output in front. */
  before(graph: OnnxGraph): OnnxGraph {
    return withRefused(graph);
  }

  /** Runs a graph that has it, and writes to the tensors given. Rejects as the run does. */
  async runInto(session: HeldSession, feeds: InferenceSession.FeedsType, outputs: { readonly [name: string]: Tensor }): Promise<void> {
    await session.run(feeds, { [name]: null, ...outputs }).catch((error: Error) => {
      if (error.message !== this.refusal) throw error;
    });
  }
}

function withRefused({ nodes, outputs, ...rest }: OnnxGraph): OnnxGraph {
  return { ...rest, nodes: [{ type: 'SequenceEmpty', inputs: [], outputs: [name], attributes: {} }, ...nodes], outputs: [{ name, type: 'float32', isSequence: true }, ...outputs] };
}
