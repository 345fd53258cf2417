import type { DataBatch } from './data-batch.js';
import { DataDesc } from './data-desc.js';
import { DataIter, type DataIterState } from './data-iter.js';

/**
 * The same batches with other labels: each new name stands for a label of the iterator, and one label may have several names, as a network with
 * two losses over one target wants it: `remapLabels(iter, { softmax_label: 'label', center_label: 'label' })`. Labels come in the order of the mapping.
 *
 * @throws RangeError where the mapping names a label that the iterator does not provide.
 */
export function remapLabels(iter: DataIter, mapping: Readonly<Record<string, string>>): DataIter {
  return new RemappedIter(iter, mapping);
}

class RemappedIter extends DataIter {
  readonly provideLabel: readonly DataDesc[];
  private readonly positions: readonly number[];

  constructor(
    private readonly inner: DataIter,
    mapping: Readonly<Record<string, string>>,
  ) {
    super();
    const names = inner.provideLabel.map(({ name }) => name);
    const entries = Object.entries(mapping);
    this.positions = entries.map(([name, source]) => {
      const position = names.indexOf(source);
      if (position < 0) throw new RangeError(`remapLabels: ${name} asks for label "${source}"; the iterator provides ${names.join(', ') || 'no labels'}`);
      return position;
    });
    this.provideLabel = entries.map(([name], i) => {
      const { shape, dtype, layout } = inner.provideLabel[this.positions[i]!]!;
      return new DataDesc(name, shape, dtype, layout);
    });
  }

  get batchSize(): number {
    return this.inner.batchSize;
  }

  override get padsBatches(): boolean {
    return this.inner.padsBatches;
  }

  get provideData(): readonly DataDesc[] {
    return this.inner.provideData;
  }

  async next(): Promise<DataBatch | undefined> {
    const batch = await this.inner.next();
    return (
      batch && {
        ...batch,
        label: this.positions.map((position) => batch.label[position]!),
        hostLabel: this.positions.map((position) => batch.hostLabel[position]!),
        provideLabel: this.provideLabel,
      }
    );
  }

  reset(): void | Promise<void> {
    return this.inner.reset();
  }

  override state(): DataIterState {
    return this.inner.state();
  }

  override restore(state: DataIterState): void {
    this.inner.restore(state);
  }
}
