import { NDArrayIter, type NDArrayIterOptions } from '@lossworks/data';
import { activation, batchNorm, custom, CustomOp, CustomOpProp, dropout, fullyConnected, group, NameManager, registerCustomOp, type Symbol, variable, withNameManager } from '@lossworks/graph';
import { CompositeEvalMetric, type Metric } from '@lossworks/metrics';
import { centerLoss, makeLoss, softmaxOutput } from '../../losses/src/index.js';

/** Four inputs, five hidden units, three classes. */
export function classifier({ hidden = 5, rate = 0.5, label = 'softmax_label' } = {}): Symbol {
  return withNameManager(new NameManager(), () => {
    const features = activation({ data: fullyConnected({ data: variable('data'), numHidden: hidden, name: 'fc1' }), actType: 'tanh', name: 'act1' });
    const thinned = dropout({ data: features, p: rate, name: 'drop1' });
    return softmaxOutput({ data: fullyConnected({ data: thinned, numHidden: 3, name: 'fc2' }), label: variable(label), name: 'softmax' });
  });
}

/** A classifier with center loss and, unless it is plain, dropout and batch normalisation: everything that has a state. */
export function classifierWithCenters({ plain = false } = {}): Symbol {
  return withNameManager(new NameManager(), () => {
    const label = variable('softmax_label');
    const first = fullyConnected({ data: variable('data'), numHidden: 6, name: 'fc1' });
    const features = activation({ data: plain ? first : batchNorm({ data: first, fixGamma: false, name: 'bn1' }), actType: 'tanh', name: 'act1' });
    const thinned = dropout({ data: features, p: plain ? 0 : 0.3, name: 'drop1' });
    const softmax = softmaxOutput({ data: fullyConnected({ data: thinned, numHidden: 3, name: 'fc2' }), label, name: 'softmax' });
    return group([softmax, makeLoss({ data: centerLoss({ data: features, label, numClass: 3, scale: 0.1, name: 'center_loss' }), name: 'center' })]);
  });
}

/** y = 2x in MXNet's form; one that peeks reads x in the middle of the pass. */
class Doubling extends CustomOp {
  constructor(private readonly peeks: boolean) {
    super();
  }

  override async forward(...[, req, inData, outData]: Parameters<CustomOp['forward']>): Promise<void> {
    if (this.peeks) await inData[0]!.data();
    this.assign(outData[0]!, req[0]!, inData[0]!.mul(2));
  }

  override async backward(...[req, outGrad, , , inGrad]: Parameters<CustomOp['backward']>): Promise<void> {
    this.assign(inGrad[0]!, req[0]!, outGrad[0]!.mul(2));
  }
}

class DoublingProp extends CustomOpProp {
  override createOperator(): CustomOp {
    return new Doubling(false);
  }
}

class PeekingProp extends CustomOpProp {
  override createOperator(): CustomOp {
    return new Doubling(true);
  }
}

/** Twice the data, by an operator of one's own. */
export function doubled(data: Symbol, { peeks = false } = {}): Symbol {
  const opType = peeks ? 'peeking_doubling' : 'doubling';
  registerCustomOp(opType, peeks ? PeekingProp : DoublingProp);
  return custom({ opType, data, name: 'doubled' });
}

/** `rows` points in four dimensions that three classes share. */
export function points(rows: number, options: Partial<NDArrayIterOptions> = {}): NDArrayIter {
  const label = Float32Array.from({ length: rows }, (_, i) => (i * 7) % 3);
  const data = Float32Array.from({ length: rows * 4 }, (_, i) => Math.sin(3 * i) + (label[Math.floor(i / 4)]! === i % 4 ? 1 : 0));
  return new NDArrayIter({ data, shape: [rows, 4] }, label, { batchSize: 4, ...options });
}

/** Accuracy of the classes and the center loss. */
export function bothMetrics(): Metric {
  return new CompositeEvalMetric([{ metric: 'acc', outputNames: ['softmax_output'] }, { metric: 'loss', outputNames: ['center_output'] }]);
}
