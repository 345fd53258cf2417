import { formatShape, type Shape } from '@lossworks/ndarray';
import type { Node } from '../symbol/node.js';
import type { Symbol } from '../symbol/symbol.js';
import { internalShapes } from './summary.js';

/** What `plotNetwork` draws beside the layers. */
export interface PlotNetworkOptions {
  /** Shapes of arguments; with them every edge tells the shape that runs along it. None unless given. */
  readonly shapes?: { readonly [argument: string]: Shape };
  /** Whether weights, biases and auxiliary states are drawn; false unless given. */
  readonly showParameters?: boolean;
  /** Written above the drawing; nothing unless given. */
  readonly title?: string;
}

/** Fill of a box by its operator's name, as MXNet's drawings have it; everything else is pale. */
const fills: { readonly [operator: string]: string } = {
  Convolution: '#fb8072', Deconvolution: '#fb8072', FullyConnected: '#fb8072', BatchNorm: '#bebada', Activation: '#ffffb3', LeakyReLU: '#ffffb3', Pooling: '#80b1d3',
  Concat: '#fdb462', Flatten: '#fdb462', Reshape: '#fdb462', SoftmaxOutput: '#b3de69', softmax: '#b3de69',
};
const variableFill = '#8dd3c7';
const otherFill = '#fce5f0';

const lineHeight = 16;
const characterWidth = 7.2;

interface Box {
  readonly node: Node;
  readonly lines: readonly string[];
  readonly width: number;
  readonly height: number;
}

/**
 * A network as an SVG text: boxes for operators and data, from top to bottom, laid out by dagre (MXNet `plot_network`).
 *
 * @throws Error with the line that installs it where `@dagrejs/dagre` is missing; RangeError where shapes are given and do not determine the rest.
 */
export async function plotNetwork(symbol: Symbol, { shapes, showParameters = false, title }: PlotNetworkOptions = {}): Promise<string> {
  const { Graph, layout } = await loadDagre();
  const known = shapes && internalShapes(symbol, shapes, 'plotNetwork');
  const nodes = symbol.nodes();
  const drawn = nodes.filter((node) => !node.isVariable || showParameters || !isParameter(node, nodes));
  const boxes = new Map(drawn.map((node, id) => [node, { id: `n${id}`, box: boxOf(node) }]));
  // A multigraph: one node may read another twice.
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'TB', nodesep: 24, ranksep: 40, marginx: 16, marginy: title === undefined ? 16 : 40 });
  for (const { id, box } of boxes.values()) graph.setNode(id, { width: box.width, height: box.height });
  for (const node of drawn) {
    node.inputs.forEach((input, k) => {
      const source = boxes.get(input.node);
      if (!source) return;
      const label = known ? formatShape(known.get(input.node)![input.index]!) : '';
      graph.setEdge(source.id, boxes.get(node)!.id, { label, width: label.length * characterWidth, height: label === '' ? 0 : lineHeight, labelpos: 'c' }, String(k));
    });
  }
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${round(width)}" height="${round(height)}" viewBox="0 0 ${round(width)} ${round(height)}" font-family="sans-serif" font-size="12">`,
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#555"/></marker></defs>',
    `<rect width="100%" height="100%" fill="#fff"/>`,
    ...(title === undefined ? [] : [`<text x="${round(width / 2)}" y="24" text-anchor="middle" font-size="15">${escape(title)}</text>`]),
    ...graph.edges().map((edge) => drawEdge(graph.edge(edge) as unknown as Edge)),
    ...[...boxes.values()].map(({ id, box }) => drawBox(box, graph.node(id) as unknown as Place)),
    '</svg>',
    '',
  ].join('\n');
}

async function loadDagre(): Promise<typeof import('@dagrejs/dagre')> {
  try {
    return await import('@dagrejs/dagre');
  } catch (cause) {
    throw new Error('plotNetwork lays networks out with @dagrejs/dagre, which is not installed: npm install @dagrejs/dagre', { cause });
  }
}

/** Variables that operators name after themselves are parameters: `fc1_weight`; `data` and labels are none. */
function isParameter(variable: Node, nodes: readonly Node[]): boolean {
  if (/(^|_)(data|label)$/.test(variable.name)) return false;
  return nodes.some((node) => node.inputs.some((input, k) => input.node === variable && k > 0) && variable.name.startsWith(`${node.name}_`));
}

/** What a box says of an operator's parameters, by their names. */
const told = ['kernel', 'stride', 'num_filter', 'num_hidden', 'act_type', 'pool_type', 'p', 'dim', 'shape'] as const;

function boxOf(node: Node): Box {
  const details = told.flatMap((name) => (Object.hasOwn(node.attributes, name) ? [`${name} ${node.attributes[name]}`] : []));
  const lines = node.isVariable ? [node.name] : [node.name, node.operator!.name, ...(details.length > 0 ? [details.join(', ')] : [])];
  const width = Math.max(60, Math.max(...lines.map((line) => line.length)) * characterWidth + 20);
  return { node, lines, width, height: lines.length * lineHeight + 12 };
}

interface Place {
  readonly x: number;
  readonly y: number;
}
interface Edge extends Partial<Place> {
  readonly points: readonly Place[];
  readonly label?: string;
}

function drawBox({ node, lines, width, height }: Box, { x, y }: Place): string {
  const fill = node.isVariable ? variableFill : (fills[node.operator!.name] ?? otherFill);
  const first = y - ((lines.length - 1) * lineHeight) / 2 + 4;
  const texts = lines.map((line, i) => `<text x="${round(x)}" y="${round(first + i * lineHeight)}" text-anchor="middle"${i === 0 ? ' font-weight="bold"' : ''}>${escape(line)}</text>`);
  const corner = node.isVariable ? height / 2 : 4;
  return `<g><rect x="${round(x - width / 2)}" y="${round(y - height / 2)}" width="${round(width)}" height="${round(height)}" rx="${round(corner)}" fill="${fill}" stroke="#333"/>${texts.join('')}</g>`;
}

function drawEdge({ points, label, x, y }: Edge): string {
  const path = points.map((point, i) => `${i === 0 ? 'M' : 'L'}${round(point.x)} ${round(point.y)}`).join('');
  const text = label && x !== undefined && y !== undefined ? `<text x="${round(x)}" y="${round(y)}" text-anchor="middle" fill="#555" font-size="11">${escape(label)}</text>` : '';
  return `<path d="${path}" fill="none" stroke="#555" marker-end="url(#arrow)"/>${text}`;
}

const entities: { readonly [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Names come from files: what could end a text or hold no character of XML is replaced. */
function escape(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replaceAll(/[&<>"']/g, (character) => entities[character]!).replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
