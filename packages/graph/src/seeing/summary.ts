import { formatShape, sizeOf, type Shape } from '@lossworks/ndarray';
import { determinedShapes } from '../inference/infer-shape.js';
import { auxiliaryNodes, type Node } from '../symbol/node.js';
import type { Symbol } from '../symbol/symbol.js';
import { operationsOf } from './layer-costs.js';

/** One operator of a network. */
export interface LayerSummary {
  /** The node's name, `fc1`. */
  readonly name: string;
  /** MXNet's name of its operator, `FullyConnected`. */
  readonly operator: string;
  /** Shape of each output, in order. */
  readonly outputShapes: readonly Shape[];
  /** Names of the operators and data it reads. */
  readonly inputs: readonly string[];
  /** Numbers in the parameters it is the first to use, auxiliary states included. */
  readonly parameters: number;
  /** Millions of floating-point operations of a forward pass; a product and a sum are two. */
  readonly megaflops: number;
}

/** Layers, parameters (a count) and cost (MFLOP) of a network, as data; `toString()` is the table. */
export interface NetworkSummary {
  /** The operators in the order of computation. */
  readonly layers: readonly LayerSummary[];
  /** Numbers in all parameters, auxiliary states included. */
  readonly parameters: number;
  /** Millions of floating-point operations of a forward pass, all layers together. */
  readonly megaflops: number;
  /** The table as text, one line a layer. */
  toString(): string;
}

/**
 * Layers of a network with output shape, parameters and arithmetic (MXNet `print_summary`). Variables whose shapes are given are data; all others count as
 * parameters.
 *
 * @throws RangeError where the shapes do not determine the rest.
 */
export function summary(symbol: Symbol, shapes: { readonly [argument: string]: Shape }): NetworkSummary {
  const known = internalShapes(symbol, shapes, 'summary');
  const nodes = symbol.nodes();
  const auxiliary = auxiliaryNodes(nodes);
  const counted = new Set<Node>(nodes.filter((node) => node.isVariable && isData(node, shapes) && !auxiliary.has(node)));
  const layers = nodes.filter((node) => !node.isVariable).map((node): LayerSummary => {
    const sources = node.inputs.map((input) => input.node);
    const fresh = [...new Set(sources)].filter((source) => source.isVariable && !counted.has(source));
    for (const source of fresh) counted.add(source);
    const outputShapes = known.get(node)!;
    const inputs = node.inputs.map(({ node: source, index }) => known.get(source)![index]!);
    return {
      name: node.name,
      operator: node.operator!.name,
      outputShapes,
      inputs: [...new Set(sources.filter((source) => !source.isVariable || isData(source, shapes)).map((source) => source.name))],
      parameters: fresh.reduce((sum, source) => sum + sizeOf(known.get(source)![0]!), 0),
      megaflops: operationsOf({ node, inputs, outputs: outputShapes }) / 1e6,
    };
  });
  const total = (pick: (layer: LayerSummary) => number): number => layers.reduce((sum, layer) => sum + pick(layer), 0);
  const totals = { parameters: total((layer) => layer.parameters), megaflops: total((layer) => layer.megaflops) };
  return { layers, ...totals, toString: () => table(layers, totals) };
}

/** Shapes of every node's outputs. */
export function internalShapes(symbol: Symbol, shapes: { readonly [argument: string]: Shape }, what: string): ReadonlyMap<Node, readonly Shape[]> {
  const internals = symbol.getInternals();
  const inferred = determinedShapes(internals, shapes, what);
  const known = new Map<Node, Shape[]>();
  internals.outputs.forEach(({ node }, i) => known.set(node, [...(known.get(node) ?? []), inferred.outputs[i]!]));
  return known;
}

function isData(node: Node, shapes: { readonly [argument: string]: Shape }): boolean {
  return Object.hasOwn(shapes, node.name) || node.name === 'label' || node.name.endsWith('_label');
}

const headings = ['layer (operator)', 'output', 'parameters', 'MFLOP', 'reads'] as const;

function table(layers: readonly LayerSummary[], totals: { readonly parameters: number; readonly megaflops: number }): string {
  const number = (value: number): string => value.toLocaleString('en-US');
  const rows = layers.map(({ name, operator, outputShapes, parameters, megaflops, inputs }) => [
    `${name} (${operator})`, outputShapes.map(formatShape).join(' '), number(parameters), megaflops.toFixed(3), inputs.join(' '),
  ]);
  const all = [[...headings], ...rows, ['total', '', number(totals.parameters), totals.megaflops.toFixed(3), '']];
  const widths = headings.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  const isNumber = (column: number): boolean => column === 2 || column === 3;
  const line = (row: readonly string[]): string => row.map((cell, column) => (isNumber(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!))).join('  ').trimEnd();
  const rule = '-'.repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  return [line(all[0]!), rule, ...rows.map(line), rule, line(all.at(-1)!)].join('\n');
}
