import { CustomOp, CustomOpProp, custom, registerCustomOp, type CustomArguments, type CustomShapes, type Symbol, type WriteRequest } from '@lossworks/graph';
import type { NDArray, Shape } from '@lossworks/ndarray';

/**
 * log(1 + (x − y)²) of every element, which points that lie far off hardly move. A loss from scratch: its output is the prediction, as with MXNet's
 * output layers, and `backward` states the gradient. Written with array arithmetic, both become part of the one program of the training step.
 */
export function cauchyLoss({ data, label, name }: { data: Symbol; label: Symbol; name: string }): Symbol {
  return custom({ opType: 'cauchy_loss', data, label, name });
}

class CauchyLoss extends CustomOp {
  override forward(_isTrain: boolean, req: readonly WriteRequest[], [prediction]: readonly NDArray[], [output]: readonly NDArray[]): void {
    this.assign(output!, req[0]!, prediction!);
  }

  override backward(req: readonly WriteRequest[], _outGrad: readonly NDArray[], [prediction, label]: readonly NDArray[], _outData: readonly NDArray[], inGrad: readonly NDArray[]): void {
    // d log(1 + d²) / dx = 2d / (1 + d²)
    const difference = prediction!.sub(label!.reshape(prediction!.shape));
    this.assign(inGrad[0]!, req[0]!, difference.mul(2).div(difference.square().add(1)));
  }
}

class CauchyLossProp extends CustomOpProp {
  constructor(_options: CustomArguments) {
    super({ needTopGrad: false }); // a loss: no gradient comes from above
  }

  override listArguments(): readonly string[] {
    return ['data', 'label'];
  }

  override inferShape([data]: readonly Shape[]): CustomShapes {
    const [batch = 0, width = 0] = data ?? [];
    return [[[batch, width], [batch]], [[batch, width]], []];
  }

  override createOperator(): CustomOp {
    return new CauchyLoss();
  }
}

registerCustomOp('cauchy_loss', CauchyLossProp);
