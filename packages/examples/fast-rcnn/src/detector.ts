import { Module, type ModuleParameters } from '@lossworks/module';
import { array, read } from '@lossworks/ndarray';
import type { Box, ImageSize } from './detection/box.js';
import type { RegionOutputs } from './detection/detections.js';
import { validProposals } from './detection/region-record.js';
import { classes, detectionNetwork } from './network.js';
import { standardized } from './recipe.js';

/** What is looked at: grey values and where something may be. */
export interface ProposedImage extends ImageSize {
  readonly pixels: Uint8Array;
  readonly proposals: readonly Box[];
}

/** Images of one run. */
const imagesPerRun = 4;

/** Runs the network over the proposals of square images of one size. Its parameters must give deltas that are not normalised. */
export class Detector {
  readonly #module = new Module(detectionNetwork(), { dataNames: ['data', 'rois'], labelNames: [], logger: () => {} });
  readonly #size: number;

  /** @param size of the images, in pixels. */
  constructor(size: number) {
    this.#size = size;
    const dataShapes = [{ name: 'data', shape: [imagesPerRun, 1, size, size] }, { name: 'rois', shape: [imagesPerRun, 1, 5] }];
    this.#module.bind({ dataShapes, forTraining: false });
  }

  load({ argParams, auxParams }: ModuleParameters): void {
    this.#module.setParams(argParams, auxParams);
  }

  /** Probabilities and deltas of every proposal that is a box. Images without one are not run. */
  async run(images: readonly ProposedImage[]): Promise<RegionOutputs[]> {
    const regions = images.map(validProposals);
    const results = regions.map((boxes): RegionOutputs => ({ regions: boxes, probabilities: [], deltas: [] }));
    const filled = images.flatMap((_, i) => (regions[i]!.length > 0 ? [i] : []));
    // One shape for all, so that it compiles once; images with fewer are filled up.
    const most = Math.max(...regions.map((boxes) => boxes.length));
    for (let start = 0; start < filled.length; start += imagesPerRun) {
      const chosen = filled.slice(start, start + imagesPerRun);
      const [probabilities, deltas] = await this.#outputs(chosen.map((i) => ({ pixels: images[i]!.pixels, regions: regions[i]! })), most);
      chosen.forEach((image, place) => {
        const part = (numbers: ArrayLike<number>, width: number) => Array.prototype.slice.call(numbers, place * most * width, (place * most + regions[image]!.length) * width) as number[];
        results[image] = { regions: regions[image]!, probabilities: part(probabilities!, classes), deltas: part(deltas!, 4 * classes) };
      });
    }
    return results;
  }

  #outputs(images: readonly { readonly pixels: Uint8Array; readonly regions: readonly Box[] }[], most: number) {
    const pixels = new Uint8Array(imagesPerRun * this.#size ** 2);
    const rois = new Float32Array(imagesPerRun * most * 5);
    images.forEach((image, i) => {
      pixels.set(image.pixels, i * this.#size ** 2);
      image.regions.forEach((box, row) => rois.set([i, ...box], (i * most + row) * 5));
    });
    const data = [standardized(array(pixels, { shape: [imagesPerRun, 1, this.#size, this.#size] })), array(rois, { shape: [imagesPerRun, most, 5] })];
    return this.#module.forward({ data }).then(() => read(this.#module.getOutputs()));
  }
}
