/** Area under straight lines between the points. */
export function areaUnder({ x, y }: { readonly x: readonly number[]; readonly y: readonly number[] }): number {
  let area = 0;
  for (let i = 1; i < x.length; i++) area += ((x[i]! - x[i - 1]!) * (y[i]! + y[i - 1]!)) / 2;
  return area;
}
