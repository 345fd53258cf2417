import { CustomOp, CustomOpProp, registerCustomOp, type CustomArguments, type CustomShapes, type WriteRequest } from '@lossworks/graph';
import { array, type NDArray, read, type Shape, type TypedArray } from '@lossworks/ndarray';

export const customCenterLossName = 'centerloss';

/** Makes the operator known; symbols name it with `opType: 'centerloss'`. */
export function registerCustomCenterLoss(): void {
  registerCustomOp(customCenterLossName, CenterLossProp);
}

/**
 * Center loss as a custom operator: what `centerLoss` of @lossworks/losses does, spelled out sample by sample in plain loops. A start for losses
 * that no built-in operator offers; it reads its inputs on the host, so every step runs in two parts.
 */
class CenterLoss extends CustomOp {
  readonly #classes: number;
  readonly #alpha: number;
  readonly #scale: number;
  /** x − c of every sample, from forward to backward. */
  #differences = new Float32Array(0);
  #labels: TypedArray = this.#differences;

  constructor(classes: number, alpha: number, scale: number) {
    super();
    [this.#classes, this.#alpha, this.#scale] = [classes, alpha, scale];
  }

  override async forward(_isTrain: boolean, req: readonly WriteRequest[], inData: readonly NDArray[], outData: readonly NDArray[], aux: readonly NDArray[]): Promise<void> {
    const [data, label, center] = [inData[0]!, inData[1]!, aux[0]!];
    const [batch, dimensions] = data.shape as [number, number];
    const [features, labels, centers] = (await read([data, label, center])) as [TypedArray, TypedArray, TypedArray];
    const differences = new Float32Array(features.length);
    let sum = 0;
    for (let i = 0; i < batch; i++) {
      const row = this.#classOf(labels, i) * dimensions;
      for (let d = 0; d < dimensions; d++) {
        const difference = features[i * dimensions + d]! - centers[row + d]!;
        differences[i * dimensions + d] = difference;
        sum += difference * difference;
      }
    }
    [this.#differences, this.#labels] = [differences, labels];
    this.assign(outData[0]!, req[0]!, sum / (2 * batch));
  }

  override async backward(
    req: readonly WriteRequest[],
    _outGrad: readonly NDArray[],
    inData: readonly NDArray[],
    _outData: readonly NDArray[],
    inGrad: readonly NDArray[],
    aux: readonly NDArray[],
  ): Promise<void> {
    const center = aux[0]!;
    const [batch, dimensions] = inData[0]!.shape as [number, number];
    this.assign(inGrad[0]!, req[0]!, array(this.#differences, { shape: inData[0]!.shape }).mul(this.#scale));

    // c += α · Σ(x − c) / (1 + n): a class that is rare in this batch moves with care.
    const centers = Float32Array.from(await center.data());
    const sums = new Float32Array(centers.length);
    const counts = new Uint32Array(this.#classes);
    for (let i = 0; i < batch; i++) {
      const label = this.#classOf(this.#labels, i);
      counts[label]!++;
      for (let d = 0; d < dimensions; d++) sums[label * dimensions + d]! += this.#differences[i * dimensions + d]!;
    }
    for (let j = 0; j < centers.length; j++) centers[j]! += (this.#alpha * sums[j]!) / (1 + counts[Math.floor(j / dimensions)]!);
    this.assign(center, 'write', array(centers, { shape: center.shape }));
  }

  #classOf(labels: TypedArray, row: number): number {
    const label = labels[row]!;
    if (Number.isInteger(label) && label >= 0 && label < this.#classes) return label;
    throw new RangeError(`centerloss: label ${label} in row ${row} is none of the ${this.#classes} classes 0..${this.#classes - 1}; correct the labels, or raise num_class`);
  }
}

class CenterLossProp extends CustomOpProp {
  readonly #classes: number;
  readonly #alpha: number;
  readonly #scale: number;

  constructor({ num_class: classes, alpha = '0.5', scale = '1' }: CustomArguments) {
    // A loss has no use for gradients from above.
    super({ needTopGrad: false });
    [this.#classes, this.#alpha, this.#scale] = [Number(classes), Number(alpha), Number(scale)];
  }

  override listArguments(): readonly string[] {
    return ['data', 'label'];
  }

  override listAuxiliaryStates(): readonly string[] {
    // Initializers go by the end of a name, and `bias` means zeros.
    return ['center_bias'];
  }

  override inferShape([data]: readonly Shape[]): CustomShapes {
    const [batch = 0, dimensions = 0] = data ?? [];
    return [[[batch, dimensions], [batch]], [[1]], [[this.#classes, dimensions]]];
  }

  override createOperator(): CustomOp {
    return new CenterLoss(this.#classes, this.#alpha, this.#scale);
  }
}
