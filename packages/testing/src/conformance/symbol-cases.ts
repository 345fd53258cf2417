import {
  activation, batchNorm, concat, convolution, createSymbol, custom, deconvolution, embedding, fullyConnected, group, leakyReLU, lookUpOperator,
  NameManager, roiPooling, sliceChannel, Symbol, variable, withAttributes, withNameManager, withPrefix,
} from '@lossworks/graph';
import { makeLoss, registerLossOperators, softmaxOutput } from '@lossworks/losses';
import type { CaseResult } from './case-result.js';
import { registerRecordedCustomOps } from './recorded-custom-ops.js';

type AttributeDict = { readonly [node: string]: { readonly [key: string]: string } };

interface Names {
  readonly arguments: readonly string[];
  readonly outputs: readonly string[];
  readonly aux?: readonly string[];
  readonly internals?: readonly string[];
}

/** The cases of `symbols.json` and `initializers.json` that concern the structure of symbols. */
export type SymbolCase = { readonly name: string } & (
  | ({ readonly kind: 'naming' } & Names)
  | { readonly kind: 'attrs'; readonly attrDict: AttributeDict; readonly attr_lr_mult?: string }
  | ({
      readonly kind: 'symbol';
      readonly json: { readonly nodes: readonly { readonly op: string }[] };
      readonly attrDict: AttributeDict;
      readonly given: { readonly [argument: string]: readonly number[] };
      readonly argShapes: readonly (readonly number[])[];
      readonly outShapes: readonly (readonly number[])[];
      readonly auxShapes: readonly (readonly number[])[];
    } & Required<Names>)
);

/** Rebuilds or loads one recorded symbol and compares its lists, attributes, shapes and JSON. */
export function runSymbolCase(recorded: SymbolCase): CaseResult {
  registerLossOperators();
  registerRecordedCustomOps();
  const run = runners[recorded.kind] as (recorded: SymbolCase) => CaseResult;
  return run(recorded);
}

const runners: { readonly [Kind in SymbolCase['kind']]: (recorded: SymbolCase & { kind: Kind }) => CaseResult } = {
  naming: (recorded) => {
    const build = builders[recorded.name];
    if (!build) return unknownName(recorded.name);
    return built(build, (symbol) => namesDetails(symbol, recorded));
  },
  attrs: (recorded) => {
    const build = builders[recorded.name];
    if (!build) return unknownName(recorded.name);
    return built(build, (symbol) => [
      differs('attrDict', symbol.attrDict(), recorded.attrDict),
      recorded.attr_lr_mult === undefined ? undefined : differs("attr('lr_mult')", symbol.attr('lr_mult'), recorded.attr_lr_mult),
    ]);
  },
  symbol: (recorded) => {
    const missing = recorded.json.nodes.map(({ op }) => op).filter((op) => op !== 'null' && !lookUpOperator(op));
    if (missing.length > 0) return { status: 'skipped', reason: `there is no operator ${[...new Set(missing)].join(', ')}` };
    return built(
      () => Symbol.loadJSON(recorded.json),
      (symbol) => {
        const shapes = symbol.inferShapePartial(recorded.given);
        return [
          ...namesDetails(symbol, recorded),
          differs('attrDict', symbol.attrDict(), recorded.attrDict),
          differs('argShapes', shapes.arguments, recorded.argShapes),
          differs('outShapes', shapes.outputs, recorded.outShapes),
          differs('auxShapes', shapes.auxiliaryStates, recorded.auxShapes),
          differs('the JSON written again', symbol.toJSON(), recorded.json),
        ];
      },
    );
  },
};

function built(build: () => Symbol, compare: (symbol: Symbol) => readonly (string | undefined)[]): CaseResult {
  try {
    const details = compare(withNameManager(new NameManager(), build)).filter((detail) => detail !== undefined);
    return details.length === 0 ? { status: 'passed' } : { status: 'failed', detail: details.join('; ') };
  } catch (error) {
    return { status: 'failed', detail: String(error) };
  }
}

function unknownName(name: string): CaseResult {
  return { status: 'skipped', reason: `the case holds no graph, and none is known by the name ${name}` };
}

function namesDetails(symbol: Symbol, recorded: Names): (string | undefined)[] {
  return [
    differs('arguments', symbol.listArguments(), recorded.arguments),
    differs('outputs', symbol.listOutputs(), recorded.outputs),
    recorded.aux && differs('aux', symbol.listAuxiliaryStates(), recorded.aux),
    recorded.internals && differs('internals', symbol.getInternals().listOutputs(), recorded.internals),
  ];
}

function differs(where: string, found: unknown, wanted: unknown): string | undefined {
  const [a, b] = [canonical(found), canonical(wanted)];
  return a === b ? undefined : `${where}: ${a} instead of ${b}`;
}

/** JSON with members in alphabetical order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member) ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1))) : member,
  ) ?? 'undefined';
}

const v = variable;

/** The recorder's symbols, by the name of the case. */
const builders: { readonly [name: string]: () => Symbol } = {
  naming_auto_fc_fc: () => fullyConnected({ data: fullyConnected({ data: v('data'), numHidden: 2 }), numHidden: 3 }),
  naming_auto_act: () => activation({ data: activation({ data: v('data'), actType: 'relu' }), actType: 'relu' }),
  naming_arith: () => v('a').add(v('b')).mul(2).sub(1).div(v('c').pow(2)),
  naming_rsub_rdiv: () => v('a').rsub(1).add(v('b').rdiv(2)).sub(v('c').neg()),
  naming_compare: () => group([v('a').greater(1), v('a').equal(v('b')), v('a').lessEqual(0)]),
  naming_dfs_order: () => v('e').add(v('c')).mul(v('data')).add(1),
  naming_concat: () => concat({ inputs: [v('a'), v('b'), v('c')], dim: 1 }),
  naming_slicechannel: () => sliceChannel({ data: v('data'), numOutputs: 3, name: 'sc' }),
  naming_slicechannel_1: () => sliceChannel({ data: v('data'), numOutputs: 3, name: 'sc' }).get(1),
  naming_bn: () => batchNorm({ data: v('data'), name: 'bn' }),
  naming_bn_meanvar: () => batchNorm({ data: v('data'), name: 'bn', outputMeanVar: true }),
  naming_no_data: () => fullyConnected({ numHidden: 2, name: 'f' }),
  naming_nobias: () => convolution({ data: v('data'), numFilter: 2, kernel: [3, 3], noBias: true, name: 'c' }),
  naming_deconv: () => deconvolution({ data: v('data'), numFilter: 2, kernel: [3, 3] }),
  naming_prelu: () => leakyReLU({ data: v('data'), actType: 'prelu' }),
  naming_softmaxoutput_auto: () => softmaxOutput({ data: v('data') }),
  naming_softmax_alias: () => createSymbol('Softmax', { inputs: [v('data')] }),
  naming_group: () => group([v('a'), v('a').mul(v('b')), makeLoss({ data: v('c'), name: 'ml' })]),
  naming_custom: () => custom({ opType: 'centerloss', data: v('data'), num_class: 3, alpha: 0.5 }),
  naming_embedding: () => embedding({ data: v('data'), inputDim: 3, outputDim: 2, name: 'emb' }),
  naming_roi: () => roiPooling({ data: v('data'), pooledSize: [2, 2], spatialScale: 1, name: 'roi' }),
  naming_compose: () =>
    fullyConnected({ data: v('data2'), name: 'fcx', numHidden: 3 }).compose(
      { data2: fullyConnected({ data: v('data'), name: 'fc1', numHidden: 3 }) },
      { name: 'composed' },
    ),
  naming_prefix: () => withPrefix('p_', () => fullyConnected({ data: fullyConnected({ data: v('data'), numHidden: 2 }), numHidden: 2, name: 'x' })),
  variable_attrs: () => v('vv', { lrMult: 3, wdMult: 0, shape: [2, 3], init: ['zero', {}], attributes: { __foo__: 'bar' } }),
  attrscope: () => withAttributes({ __lr_mult__: '2' }, () => fullyConnected({ data: v('data'), numHidden: 2, name: 'fa' })),
  autoattr_bn: () => batchNorm({ data: v('data'), name: 'bn' }),
  autoattr_prelu: () => leakyReLU({ data: v('data'), actType: 'prelu', name: 'pr' }),
  autoattr_bn_named: () => batchNorm({ data: v('data'), gamma: v('g'), beta: v('b'), movingMean: v('mm'), movingVar: v('mv'), name: 'bn' }),
};
