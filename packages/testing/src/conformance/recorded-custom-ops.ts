import { CustomOp, CustomOpProp, registerCustomOp, type CustomArguments, type CustomShapes, type WriteRequest } from '@lossworks/graph';
import { add, broadcastTo, equalsClass, gather, matmul, sub, sum, zeros, type NDArray, type Shape } from '@lossworks/ndarray';

/** Makes the recorder's custom operators known under its names. */
export function registerRecordedCustomOps(): void {
  registerCustomOp('centerloss', CenterLossProp);
  registerCustomOp('scaleop', ScaleProp);
}

/** Center loss with its state in two auxiliary arrays: the differences of the last forward and the centers. */
class CenterLossProp extends CustomOpProp {
  readonly #classes: number;
  readonly #options: CenterLossOptions;

  constructor({ num_class, alpha, scale = '1.0', div_batch = '0' }: CustomArguments) {
    super({ needTopGrad: false });
    this.#classes = Number(num_class);
    this.#options = { alpha: Number(alpha), scale: Number(scale), dividesByBatch: Number(div_batch) !== 0 };
  }

  override listArguments(): readonly string[] {
    return ['data', 'label'];
  }

  override listAuxiliaryStates(): readonly string[] {
    return ['diff_bias', 'center_bias'];
  }

  override inferShape([data = []]: readonly Shape[]): CustomShapes {
    if (data.length === 0) return [[[], []], [[]], [[], []]];
    return [[data, [data[0]!]], [[1]], [data, [this.#classes, data[1]!]]];
  }

  override createOperator(): CustomOp {
    return new CenterLoss(this.#options);
  }
}

interface CenterLossOptions {
  readonly alpha: number;
  readonly scale: number;
  readonly dividesByBatch: boolean;
}

class CenterLoss extends CustomOp {
  readonly #options: CenterLossOptions;

  constructor(options: CenterLossOptions) {
    super();
    this.#options = options;
  }

  override forward(_isTrain: boolean, req: readonly WriteRequest[], [data, label]: readonly NDArray[], [output]: readonly NDArray[], [diff, center]: readonly NDArray[]): void {
    diff!.assign(sub(data!, gather(center!, label!, 0)));
    // Σ diff² / N / 2
    this.assign(output!, req[0]!, sum(diff!.square()).div(2 * data!.shape[0]!).reshape([1]));
  }

  override backward(
    req: readonly WriteRequest[],
    _outGrad: readonly NDArray[],
    [data, label]: readonly NDArray[],
    _outData: readonly NDArray[],
    [dataGrad, labelGrad]: readonly NDArray[],
    [diff, center]: readonly NDArray[],
  ): void {
    const { alpha, scale, dividesByBatch } = this.#options;
    this.assign(dataGrad!, req[0]!, diff!.mul(dividesByBatch ? scale / data!.shape[0]! : scale));
    this.assign(labelGrad!, req[1]!, zeros(labelGrad!.shape));
    // center += α · Σ diff / (1 + count), for each class
    const isClass = equalsClass(label!, center!.shape[0]!).cast('float32');
    const sums = matmul(isClass, diff!, { transposeA: true });
    const counts = sum(isClass, { axes: 0 }).reshape([center!.shape[0]!, 1]);
    center!.assign(add(center!, sums.mul(alpha).div(broadcastTo(counts.add(1), center!.shape))));
  }
}

/** y = k·x, with its calls counted in an auxiliary state: 1 for training, 100 for inference, 10000 for backward. */
class ScaleProp extends CustomOpProp {
  readonly #factor: number;

  constructor({ k = '2' }: CustomArguments) {
    super();
    this.#factor = Number(k);
  }

  override listAuxiliaryStates(): readonly string[] {
    return ['calls'];
  }

  override inferShape([data = []]: readonly Shape[]): CustomShapes {
    return [[data], [data], [[1]]];
  }

  override createOperator(): CustomOp {
    return new Scale(this.#factor);
  }
}

class Scale extends CustomOp {
  readonly #factor: number;

  constructor(factor: number) {
    super();
    this.#factor = factor;
  }

  override forward(isTrain: boolean, req: readonly WriteRequest[], [data]: readonly NDArray[], [output]: readonly NDArray[], [calls]: readonly NDArray[]): void {
    calls!.assign(calls!.add(isTrain ? 1 : 100));
    this.assign(output!, req[0]!, data!.mul(this.#factor));
  }

  override backward(
    req: readonly WriteRequest[],
    [outGrad]: readonly NDArray[],
    _inData: readonly NDArray[],
    _outData: readonly NDArray[],
    [inGrad]: readonly NDArray[],
    [calls]: readonly NDArray[],
  ): void {
    calls!.assign(calls!.add(10000));
    this.assign(inGrad!, req[0]!, outGrad!.mul(this.#factor));
  }
}
