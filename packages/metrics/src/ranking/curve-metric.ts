import type { MetricDefinition } from '../metric-definition.js';
import type { Samples } from '../state/samples.js';
import { drawCurves } from '../svg/draw.js';
import { rankingMetric, rankingsOf, type Ranking, type RankingParameters } from './scored-classes.js';

/** Points in the unit square. */
export interface Curve {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** The area under a curve of each class, under straight lines between its points; `x` and `y` name the details, and with their words the axes. */
export function curveMetric(parameters: RankingParameters, curveOf: (ranking: Ranking) => Curve, x: string, y: string): MetricDefinition<Samples> {
  const curves = (state: Samples): Curve[] => rankingsOf(state, parameters.task).map(curveOf);
  const inWords = (name: string): string => name.replace(/[A-Z]/g, ' $&').toLowerCase();
  return {
    ...rankingMetric(parameters, ranking => areaUnder(curveOf(ranking))),
    details: state => ({ [x]: curves(state).map(curve => curve.x), [y]: curves(state).map(curve => curve.y) }),
    draw: (state, title) => drawCurves(curves(state).map((curve, k) => ({ name: `class ${k}`, ...curve })), title, [inWords(x), inWords(y)]),
  };
}

function areaUnder({ x, y }: Curve): number {
  let area = 0;
  for (let i = 1; i < x.length; i++) area += ((x[i]! - x[i - 1]!) * (y[i]! + y[i - 1]!)) / 2;
  return area;
}
