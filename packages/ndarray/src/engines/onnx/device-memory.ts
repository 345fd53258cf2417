import type { InferenceSession, Tensor } from 'onnxruntime-common';
import type { DType, TypedArray } from '../../dtype.js';
import type { HeldSession } from './held-session.js';
import { writeModel } from './model-writer.js';
import type { LoadedRuntime, SessionOptions } from './runtime.js';

/** What owns a tensor: it is given back when nobody refers to its owner any more. */
interface Owner {
  readonly tensor: Tensor;
}

/** A tensor on the device and the session whose memory it lies in. */
interface Output {
  readonly tensor: Tensor;
  readonly session: HeldSession;
}

/** Tensors that stay on a device between runs. */
export class DeviceMemory {
  readonly #loaded: LoadedRuntime;
  readonly #options: SessionOptions;
  readonly #held = new WeakMap<Owner, { readonly session: HeldSession; readonly ballast: ArrayBuffer }>();
  readonly #abandoned = new FinalizationRegistry<Output>(giveBack);
  readonly #copies = new Map<string, Promise<InferenceSession>>();

  constructor(loaded: LoadedRuntime, options: SessionOptions) {
    this.#loaded = loaded;
    this.#options = options;
  }

  /**
   * Gives the tensor back once its owner is gone. The collector knows nothing of the device's memory and would let it fill up; untouched host memory of
   * the same size, which takes address space alone, tells it how much there is to win.
   */
  adopt<O extends Owner>(owner: O, session: HeldSession): O {
    const { tensor } = owner;
    if (tensor.location === 'cpu') return owner;
    session.hold();
    this.#held.set(owner, { session, ballast: new ArrayBuffer(tensor.size * bytesPerElement[tensor.type as DType]) });
    this.#abandoned.register(owner, { tensor, session }, owner);
    return owner;
  }

  release(owner: Owner): void {
    const held = this.#held.get(owner);
    if (!held) return owner.tensor.dispose();
    this.#abandoned.unregister(owner);
    this.#held.delete(owner);
    giveBack({ tensor: owner.tensor, session: held.session });
  }

  async read(tensor: Tensor): Promise<TypedArray> {
    if (this.#loaded.packageName !== 'onnxruntime-node') return (await tensor.getData()) as TypedArray;
    // `getData` of the native library ends the process: a session that copies gives the elements out.
    let copy = this.#copies.get(tensor.type);
    if (!copy) this.#copies.set(tensor.type, (copy = this.#copySession(tensor.type as DType)));
    const { y } = await (await copy).run({ x: tensor });
    return y!.data as TypedArray;
  }

  /** Copies arrays of any shape to the host. */
  #copySession(type: DType): Promise<InferenceSession> {
    const model = writeModel({
      nodes: [{ type: 'Identity', inputs: ['x'], outputs: ['y'], attributes: {} }], initializers: [], inputs: [{ name: 'x', type }], outputs: [{ name: 'y', type }],
    });
    return this.#loaded.runtime.InferenceSession.create(model, { ...this.#options, preferredOutputLocation: 'cpu' });
  }
}

function giveBack({ tensor, session }: Output): void {
  tensor.dispose();
  session.drop();
}

const bytesPerElement: { readonly [D in DType]: number } = { float32: 4, int32: 4, uint8: 1, bool: 1 };
