/** The function along a line and its derivative there. */
export interface LinePoint {
  readonly at: number;
  readonly value: number;
  readonly slope: number;
}

export interface WolfeOptions {
  /** c₁: share of the predicted decrease that must come true. */
  readonly sufficientDecrease: number;
  /** c₂: share of the slope that may be left. */
  readonly curvature: number;
  readonly maxEvaluations: number;
}

/**
 * A step that satisfies the strong Wolfe conditions, by bracketing and zooming (Nocedal & Wright 2006, algorithms 3.5 and 3.6), or the lowest one
 * that was seen when the evaluations are used up; undefined where none was lower than the start.
 */
export async function wolfeSearch<Point extends LinePoint>(
  start: LinePoint,
  firstStep: number,
  evaluate: (at: number) => Promise<Point>,
  { sufficientDecrease, curvature, maxEvaluations }: WolfeOptions,
): Promise<Point | undefined> {
  let lowest: Point | undefined;
  const decreases = ({ at, value }: LinePoint): boolean => value <= start.value + sufficientDecrease * at * start.slope;
  const isFlat = ({ slope }: LinePoint): boolean => Math.abs(slope) <= -curvature * start.slope;
  const look = async (at: number): Promise<Point> => {
    const point = await evaluate(at);
    if (point.value < (lowest?.value ?? start.value)) lowest = point;
    return point;
  };

  let low: LinePoint = start;
  let high: LinePoint | undefined;
  let next = firstStep;
  for (let evaluations = 0; evaluations < maxEvaluations; evaluations++) {
    const point = await look(next);
    // NaN is as bad as too high a value.
    if (!decreases(point) || point.value >= low.value) high = point;
    else if (isFlat(point)) return point;
    else {
      if (point.slope * ((high?.at ?? Number.POSITIVE_INFINITY) - low.at) >= 0) high = low;
      low = point;
    }
    next = high ? between(low, high) : 2 * next;
    if (next === low.at || next === high?.at) break;
  }
  return lowest;
}

/** The minimum of the parabola through the low point, its slope and the high point, kept off both ends; the middle where there is none. */
function between(low: LinePoint, high: LinePoint): number {
  const width = high.at - low.at;
  const bend = high.value - low.value - low.slope * width;
  const share = bend > 0 ? (-low.slope * width) / (2 * bend) : 0.5;
  return low.at + width * (share >= 0.1 && share <= 0.9 ? share : 0.5);
}
