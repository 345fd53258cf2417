import type { ArrayLike, DType, NDArray, Shape } from '@lossworks/ndarray';

/** What is to happen to a result: nothing (`null`), written, written over an input (`inplace`), or added. */
export type WriteRequest = 'null' | 'write' | 'inplace' | 'add';

/**
 * The computation of a custom operator (MXNet `CustomOp`). Both methods may be asynchronous and may read arrays; written with array arithmetic
 * alone they become part of the compiled step. Fields of the instance last from forward to backward. An array that is to be read in a later step is kept with
 * `keep(x)`.
 */
export class CustomOp {
  /**
   * Computes the outputs and hands them to `assign`; does nothing unless overridden.
   *
   * @param isTrain whether this is training.
   * @param req what to do with each output.
   * @param inData inputs in the order of `listArguments`.
   * @param outData outputs to assign to, of the shapes `inferShape` gave, zeros before.
   * @param aux auxiliary states, which may be assigned to.
   */
  forward(isTrain: boolean, req: readonly WriteRequest[], inData: readonly NDArray[], outData: readonly NDArray[], aux: readonly NDArray[]): void | Promise<void> {
    void [isTrain, req, inData, outData, aux];
  }

  /**
   * Computes the gradients and hands them to `assign`; does nothing unless overridden. Not called where nobody wants one.
   *
   * @param req what to do with each input's gradient; `null` where nobody wants it.
   * @param outGrad gradients of the outputs; without numbers, so that reading one is an Error, where the operator needs no top gradient.
   * @param inData inputs as `forward` had them.
   * @param outData outputs as `forward` left them.
   * @param inGrad gradients to assign to, of the inputs' shapes, zeros before.
   * @param aux auxiliary states, which may be assigned to.
   */
  backward(
    req: readonly WriteRequest[],
    outGrad: readonly NDArray[],
    inData: readonly NDArray[],
    outData: readonly NDArray[],
    inGrad: readonly NDArray[],
    aux: readonly NDArray[],
  ): void | Promise<void> {
    void [req, outGrad, inData, outData, inGrad, aux];
  }

  /**
   * Puts `source`, of the destination's shape or a number, into `destination` as requested.
   *
   * @throws RangeError where shapes or element types differ.
   */
  assign(destination: NDArray, req: WriteRequest, source: ArrayLike): void {
    if (req === 'null') return;
    destination.assign(req === 'add' ? destination.add(source) : source);
  }
}

/** Keyword arguments of a custom operator, as texts: `"10"`, `"0.5"`, `"True"`, `"(1, 2)"`. */
export type CustomArguments = { readonly [name: string]: string };

/** Shapes of inputs, outputs and, unless there are none, auxiliary states. */
export type CustomShapes = readonly [inputs: readonly Shape[], outputs: readonly Shape[], auxiliaryStates?: readonly Shape[]];

/** Element types that `inferType` gives, in the order of arguments, outputs and auxiliary states. */
export type CustomTypes = readonly [inputs: readonly DType[], outputs: readonly DType[], auxiliaryStates?: readonly DType[]];

/** What the constructor of `CustomOpProp` takes (MXNet `CustomOpProp(need_top_grad)`). */
export interface CustomOpPropOptions {
  /** Whether backward needs the gradients of the outputs; false for losses, which start by themselves. True unless given. */
  readonly needTopGrad?: boolean;
}

/**
 * What the graph has to know about a custom operator (MXNet `CustomOpProp`). It is constructed several times, from the keyword arguments as texts: keep
 * it free of side effects.
 */
export class CustomOpProp {
  readonly #needTopGrad: boolean;

  /** Backward needs the gradients of the outputs unless told otherwise. */
  constructor({ needTopGrad = true }: CustomOpPropOptions = {}) {
    this.#needTopGrad = needTopGrad;
  }

  /** Names of the inputs; `['data']` unless overridden. */
  listArguments(): readonly string[] {
    return ['data'];
  }

  /** Names of the outputs; `['output']` unless overridden. */
  listOutputs(): readonly string[] {
    return ['output'];
  }

  /** Names of the auxiliary states; none unless overridden. */
  listAuxiliaryStates(): readonly string[] {
    return [];
  }

  /**
   * Completes the shapes; an unknown one arrives as `[]`. Unless overridden all outputs have the first input's shape. One shape a name: another number is a
   * RangeError.
   */
  inferShape(inputs: readonly Shape[]): CustomShapes {
    return [inputs, this.listOutputs().map(() => inputs[0] ?? []), []];
  }

  /** Element types, one a name; unless overridden everything has the first input's. */
  inferType(inputs: readonly DType[]): CustomTypes {
    const first = inputs[0] ?? 'float32';
    return [inputs, this.listOutputs().map(() => first), this.listAuxiliaryStates().map(() => first)];
  }

  /**
   * What backward refers to, of the numbers that stand for gradients, inputs and outputs: all of them unless overridden, gradients only where they are
   * needed.
   */
  declareBackwardDependency(outGrad: readonly number[], inData: readonly number[], outData: readonly number[]): readonly number[] {
    return [...(this.needTopGrad() ? outGrad : []), ...inData, ...outData];
  }

  /** Whether backward needs the gradients of the outputs: what the constructor was told. */
  needTopGrad(): boolean {
    return this.#needTopGrad;
  }

  /**
   * The computation, for arguments followed by auxiliary states of these shapes and types. Once for every bound symbol. One that does nothing unless
   * overridden.
   */
  createOperator(context: { readonly name: string }, shapes: readonly Shape[], types: readonly DType[]): CustomOp {
    void [context, shapes, types];
    return new CustomOp();
  }
}
