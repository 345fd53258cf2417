/** A table of counts as shaded squares, predicted classes down, labels across. */
export function drawMatrix(rows: readonly (readonly number[])[], title: string): string {
  const cell = Math.max(16, Math.min(48, 480 / Math.max(1, rows.length)));
  const largest = Math.max(1, ...rows.flat());
  const squares = rows.flatMap((row, y) =>
    row.map((count, x) => {
      const [left, top] = [40 + x * cell, 40 + y * cell];
      const shade = count / largest;
      return (
        `<rect x="${left}" y="${top}" width="${cell}" height="${cell}" fill="#1f4e9c" fill-opacity="${round(shade)}" stroke="#ccc"/>` +
        text(left + cell / 2, top + cell / 2 + 4, String(count), shade > 0.5 ? '#fff' : '#222')
      );
    }),
  );
  const names = rows.map((_, k) => text(40 + (k + 0.5) * cell, 34, String(k)) + text(30, 44 + (k + 0.5) * cell, String(k)));
  const size = 50 + rows.length * cell;
  return image(size, size + 16, title, [...squares, ...names, text(size / 2, size + 8, 'labels across, predictions down')]);
}

export interface Curve {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** Curves in the unit square. */
export function drawCurves(curves: readonly Curve[], title: string, [xName, yName]: readonly [string, string]): string {
  const side = 300;
  const at = (x: number, y: number): string => `${round(40 + x * side)},${round(40 + (1 - y) * side)}`;
  const lines = curves.map(({ name, x, y }, k) => {
    // Steps of the golden angle: however many curves there are, neighbours differ.
    const colour = `hsl(${round(220 + 137.5 * k)} 60% 40%)`;
    const line = `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${x.map((value, i) => at(value, y[i]!)).join(' ')}"/>`;
    return curves.length > 1 ? line + text(side + 36, 56 + k * 14, name, colour, 'end') : line;
  });
  const frame = `<rect x="40" y="40" width="${side}" height="${side}" fill="none" stroke="#999"/>`;
  const axes = [text(40 + side / 2, side + 60, xName), `<g transform="rotate(-90 16 ${40 + side / 2})">${text(16, 40 + side / 2, yName)}</g>`];
  return image(side + 60, side + 70, title, [frame, ...lines, ...axes]);
}

function image(width: number, height: number, title: string, parts: readonly string[]): string {
  const size = `width="${round(width)}" height="${round(height)}" viewBox="0 0 ${round(width)} ${round(height)}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="11">${text(width / 2, 16, title)}${parts.join('')}</svg>`;
}

function text(x: number, y: number, content: string, colour = '#222', anchor = 'middle'): string {
  return `<text x="${round(x)}" y="${round(y)}" fill="${colour}" text-anchor="${anchor}">${escape(content)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function escape(content: string): string {
  return content.replace(/[<>&"]/g, character => `&#${character.charCodeAt(0)};`);
}
