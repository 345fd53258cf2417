import { centeredDigit } from '../src/centered-digit.js';

/** Somewhere to draw a digit with the pointer. `onDraw` gets it the way the network knows digits; null once it is cleared. */
export class DrawingPad {
  readonly #canvas: HTMLCanvasElement;
  readonly #onDraw: (image: Uint8Array | null) => void;
  /** All that is drawn. Stroked as one, so that nothing is laid on twice where pieces meet. */
  #lines = new Path2D();
  #isDrawing = false;
  #ink = '#fff';

  constructor(canvas: HTMLCanvasElement, onDraw: (image: Uint8Array | null) => void) {
    this.#canvas = canvas;
    this.#onDraw = onDraw;
    canvas.addEventListener('pointerdown', (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.#isDrawing = true;
      this.#lines.moveTo(...this.#place(event));
      this.#lineTo(event);
    });
    canvas.addEventListener('pointermove', (event) => {
      if (this.#isDrawing) this.#lineTo(event);
    });
    for (const end of ['pointerup', 'pointercancel'] as const) {
      canvas.addEventListener(end, () => {
        if (this.#isDrawing) this.#tell();
        this.#isDrawing = false;
      });
    }
  }

  set ink(color: string) {
    this.#ink = color;
    this.#redraw();
  }

  clear(): void {
    this.#lines = new Path2D();
    this.#redraw();
    this.#onDraw(null);
  }

  #place(event: PointerEvent): readonly [number, number] {
    const { width, height, clientWidth, clientHeight } = this.#canvas;
    return [(event.offsetX / clientWidth) * width, (event.offsetY / clientHeight) * height];
  }

  #lineTo(event: PointerEvent): void {
    this.#lines.lineTo(...this.#place(event));
    this.#redraw();
  }

  #redraw(): void {
    const { width, height } = this.#canvas;
    const context = this.#context();
    context.clearRect(0, 0, width, height);
    context.strokeStyle = this.#ink;
    context.lineWidth = width / 13;
    context.lineCap = context.lineJoin = 'round';
    context.stroke(this.#lines);
  }

  #tell(): void {
    const { width, height } = this.#canvas;
    const { data } = this.#context().getImageData(0, 0, width, height);
    // The ground is transparent: how opaque a pixel is, is how much ink it has.
    const ink = data.filter((_, i) => i % 4 === 3);
    this.#onDraw(centeredDigit(ink, width, height) ?? null);
  }

  #context(): CanvasRenderingContext2D {
    return this.#canvas.getContext('2d', { willReadFrequently: true })!;
  }
}
