import { scaleLinear } from 'd3-scale';
import type { View } from '../src/trainer.js';
import type { Palette } from './palette.js';

/** How long dots take to their next place: about as long as the network takes for a new view. */
const travelMilliseconds = 450;

interface Frame {
  readonly points: Float32Array;
  readonly centers: Float32Array;
  readonly drawn: readonly [number, number] | undefined;
  /** Half the side of what is seen, around its middle. */
  readonly extent: readonly [x: number, y: number, half: number];
}

/** The digits in the plane. Between two views they travel. */
export class Scatter {
  readonly #canvas: HTMLCanvasElement;
  #palette: Palette;
  #labels: Float32Array = new Float32Array();
  #from: Frame | undefined;
  #to: Frame | undefined;
  #start = 0;
  #frame = 0;

  constructor(canvas: HTMLCanvasElement, palette: Palette) {
    this.#canvas = canvas;
    this.#palette = palette;
    new ResizeObserver(() => this.#redraw()).observe(canvas);
  }

  set palette(palette: Palette) {
    this.#palette = palette;
    this.#redraw();
  }

  set labels(labels: Float32Array) {
    this.#labels = labels;
  }

  show({ points, centers }: View): void {
    this.#travelTo({ points, centers, drawn: this.#to?.drawn, extent: extentOf(points) });
  }

  /** Marks where a drawn digit lands; undefined takes the mark away. */
  mark(drawn: readonly [number, number] | undefined): void {
    if (this.#to) this.#travelTo({ ...this.#to, drawn });
  }

  clear(): void {
    this.#from = this.#to = undefined;
    this.#redraw();
  }

  /** Number of the digit that is drawn nearest to a place of the canvas, within a few pixels. */
  digitAt(x: number, y: number): number | undefined {
    if (!this.#to) return undefined;
    const place = this.#places(this.#to);
    let [nearest, best] = [undefined as number | undefined, 12 ** 2];
    for (let i = 0; i < this.#labels.length; i++) {
      const [px, py] = place(this.#to.points[2 * i]!, this.#to.points[2 * i + 1]!);
      const distance = (px - x) ** 2 + (py - y) ** 2;
      if (distance < best) [nearest, best] = [i, distance];
    }
    return nearest;
  }

  #travelTo(next: Frame): void {
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.#from = still ? next : this.#now() ?? next;
    this.#to = next;
    this.#start = performance.now();
    this.#redraw();
  }

  #redraw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      this.#draw();
      if (performance.now() - this.#start < travelMilliseconds) this.#redraw();
    });
  }

  /** The frame on the way. */
  #now(): Frame | undefined {
    const [from, to] = [this.#from, this.#to];
    if (!from || !to) return to;
    const share = Math.min(1, (performance.now() - this.#start) / travelMilliseconds);
    if (share === 1) return to;
    const ease = 1 - (1 - share) ** 2;
    const between = (a: ArrayLike<number>, b: ArrayLike<number>): Float32Array => Float32Array.from(b, (value, i) => a[i]! + (value - a[i]!) * ease);
    return {
      points: between(from.points, to.points),
      centers: between(from.centers, to.centers),
      drawn: from.drawn && to.drawn ? pair(between(from.drawn, to.drawn)) : to.drawn,
      extent: triple(between(from.extent, to.extent)),
    };
  }

  #places({ extent: [x, y, half] }: Frame): (x: number, y: number) => [number, number] {
    const side = this.#canvas.clientWidth;
    const across = scaleLinear([x - half, x + half], [0, side]);
    const down = scaleLinear([y - half, y + half], [side, 0]);
    return (px, py) => [across(px), down(py)];
  }

  #draw(): void {
    const canvas = this.#canvas;
    const [side, ratio] = [canvas.clientWidth, devicePixelRatio];
    if (canvas.width !== Math.round(side * ratio)) canvas.width = canvas.height = Math.round(side * ratio);
    const context = canvas.getContext('2d')!;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, side, side);
    const frame = this.#now();
    if (!frame) return;
    const place = this.#places(frame);
    this.#drawGrid(context, frame, side);
    this.#drawPoints(context, frame, place, Math.max(1.7, side / 330));
    this.#drawCenters(context, frame, place);
    if (frame.drawn) this.#drawMark(context, place(...frame.drawn), side);
  }

  #drawGrid(context: CanvasRenderingContext2D, { extent: [x, y, half] }: Frame, side: number): void {
    const [across, down] = [scaleLinear([x - half, x + half], [0, side]), scaleLinear([y - half, y + half], [side, 0])];
    context.strokeStyle = this.#palette.grid;
    context.fillStyle = this.#palette.faint;
    context.font = "11px 'Inter Variable', system-ui, sans-serif";
    context.lineWidth = 1;
    context.beginPath();
    for (const tick of across.ticks(6)) {
      context.moveTo(across(tick), 0);
      context.lineTo(across(tick), side);
      if (across(tick) > 30 && across(tick) < side - 20) context.fillText(across.tickFormat(6)(tick), across(tick) + 4, side - 8);
    }
    for (const tick of down.ticks(6)) {
      context.moveTo(0, down(tick));
      context.lineTo(side, down(tick));
      if (down(tick) > 20 && down(tick) < side - 30) context.fillText(down.tickFormat(6)(tick), 8, down(tick) - 4);
    }
    context.stroke();
  }

  #drawPoints(context: CanvasRenderingContext2D, { points }: Frame, place: (x: number, y: number) => [number, number], radius: number): void {
    context.globalAlpha = 0.72;
    // A colour at a time: one path is filled much faster than a thousand.
    this.#palette.digits.forEach((color, digit) => {
      context.fillStyle = color;
      context.beginPath();
      for (let i = 0; i < this.#labels.length; i++) {
        if (this.#labels[i] !== digit) continue;
        const [x, y] = place(points[2 * i]!, points[2 * i + 1]!);
        context.moveTo(x + radius, y);
        context.arc(x, y, radius, 0, 2 * Math.PI);
      }
      context.fill();
    });
    context.globalAlpha = 1;
  }

  #drawCenters(context: CanvasRenderingContext2D, { centers }: Frame, place: (x: number, y: number) => [number, number]): void {
    context.font = "650 12.5px 'Inter Variable', system-ui, sans-serif";
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    this.#palette.digits.forEach((color, digit) => {
      const [x, y] = place(centers[2 * digit]!, centers[2 * digit + 1]!);
      context.beginPath();
      context.arc(x, y, 11, 0, 2 * Math.PI);
      context.fillStyle = this.#palette.ground;
      context.fill();
      context.lineWidth = 2;
      context.strokeStyle = color;
      context.stroke();
      context.fillStyle = this.#palette.ink;
      context.fillText(String(digit), x, y + 0.5);
    });
    context.textAlign = 'start';
    context.textBaseline = 'alphabetic';
  }

  /** Cross hairs and a ring: it must be found among a thousand dots. */
  #drawMark(context: CanvasRenderingContext2D, [x, y]: readonly [number, number], side: number): void {
    const [px, py] = [Math.min(side - 14, Math.max(14, x)), Math.min(side - 14, Math.max(14, y))];
    context.strokeStyle = this.#palette.ink;
    context.lineWidth = 2;
    context.beginPath();
    context.arc(px, py, 9, 0, 2 * Math.PI);
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]] as const) {
      context.moveTo(px + 9 * dx, py + 9 * dy);
      context.lineTo(px + 18 * dx, py + 18 * dy);
    }
    context.stroke();
  }
}

/** A square around nearly all points: a few that are far off must not make the rest small. */
function extentOf(points: Float32Array): [number, number, number] {
  const sorted = [0, 1].map((axis) => points.filter((_, i) => i % 2 === axis).sort());
  const range = sorted.map((values) => [values[Math.floor(values.length * 0.01)]!, values[Math.ceil(values.length * 0.99) - 1]!] as const);
  const [x, y] = range as [readonly [number, number], readonly [number, number]];
  const half = Math.max(x[1] - x[0], y[1] - y[0], 1e-3) / 2;
  return [(x[0] + x[1]) / 2, (y[0] + y[1]) / 2, half * 1.2];
}

function pair(values: Float32Array): [number, number] {
  return [values[0]!, values[1]!];
}

function triple(values: Float32Array): [number, number, number] {
  return [values[0]!, values[1]!, values[2]!];
}
