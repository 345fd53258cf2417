import { devices, type Command, type DeviceWish, type Report } from '../src/messages.js';
import { side } from '../src/centered-digit.js';
import type { Placement, Rates } from '../src/trainer.js';
import { drawChart, type Series } from './curves.js';
import { DrawingPad } from './drawing-pad.js';
import { palettes, type ThemeName } from './palette.js';
import { Scatter } from './scatter.js';

const find = <E extends Element>(selector: string): E => document.querySelector<E>(selector)!;
const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`;

const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'training' });
const send = (command: Command): void => worker.postMessage(command);

// Theme
const prefersLight = matchMedia('(prefers-color-scheme: light)');
let theme: ThemeName = prefersLight.matches ? 'light' : 'dark';
const scatter = new Scatter(find('#scatter'), palettes[theme]);
const pad = new DrawingPad(find('#pad'), (image) => {
  if (!image) showNothingDrawn();
  send({ kind: 'place', image });
});

function applyTheme(name: ThemeName): void {
  theme = name;
  document.documentElement.dataset['theme'] = name;
  const palette = palettes[name];
  scatter.palette = palette;
  pad.ink = palette.ink;
  palette.digits.forEach((color, digit) => document.documentElement.style.setProperty(`--digit-${digit}`, color));
}
prefersLight.addEventListener('change', () => applyTheme(prefersLight.matches ? 'light' : 'dark'));
find('#theme').addEventListener('click', () => applyTheme(theme === 'dark' ? 'light' : 'dark'));

// Controls
const [runButton, stepButton, againButton] = [find<HTMLButtonElement>('#run'), find<HTMLButtonElement>('#single'), find<HTMLButtonElement>('#again')];
let running = true;

function setRunning(value: boolean): void {
  running = value;
  runButton.textContent = running ? 'Pause' : 'Resume';
  stepButton.disabled = running;
  send({ kind: 'run', running });
}
runButton.addEventListener('click', () => setRunning(!running));
stepButton.addEventListener('click', () => send({ kind: 'step' }));
againButton.addEventListener('click', () => {
  for (const { points } of [...losses, ...accuracies]) points.length = 0;
  drawCurves();
  send({ kind: 'startOver' });
});

const sliders = { lambda: find<HTMLInputElement>('#lambda'), alpha: find<HTMLInputElement>('#alpha') };

function rates(): Rates {
  return { lambda: sliders.lambda.valueAsNumber, alpha: sliders.alpha.valueAsNumber };
}
for (const [name, slider] of Object.entries(sliders)) {
  const show = (): void => {
    find(`#${name}-value`).textContent = slider.valueAsNumber.toFixed(2);
    slider.style.setProperty('--share', `${(100 * slider.valueAsNumber) / Number(slider.max)}%`);
  };
  slider.addEventListener('input', () => {
    show();
    send({ kind: 'rates', rates: rates() });
  });
  show();
}

// Drawing
find('#clear').addEventListener('click', () => pad.clear());
const digits = Array.from({ length: 10 }, (_, digit) => digit);
find('#legend').innerHTML = digits.map((digit) => `<li><i style="background:var(--digit-${digit})"></i>${digit}</li>`).join('');
find('#bars').innerHTML = digits.map((digit) => `<li><i style="height:2px;background:var(--digit-${digit})"></i>${digit}</li>`).join('');

function showNothingDrawn(): void {
  scatter.mark(undefined);
  find('#predicted').textContent = '?';
  find<HTMLElement>('#predicted').style.color = '';
  find('#certainty').textContent = 'Draw a digit and see where it lands.';
  document.querySelectorAll<HTMLElement>('#bars i').forEach((bar) => (bar.style.height = '2px'));
}

function showPlacement({ point, probabilities }: Placement): void {
  const digit = probabilities.indexOf(Math.max(...probabilities));
  scatter.mark(point);
  find('#predicted').textContent = String(digit);
  find<HTMLElement>('#predicted').style.color = `var(--digit-${digit})`;
  find('#certainty').textContent = `${percent(probabilities[digit]!, 0)} sure, at (${point[0].toFixed(1)}, ${point[1].toFixed(1)})`;
  document.querySelectorAll<HTMLElement>('#bars i').forEach((bar, i) => (bar.style.height = `max(2px, ${100 * probabilities[i]!}%)`));
}

// Curves
const smoothing = 0.9;
const losses: Series[] = [{ name: 'softmax', style: 'first', points: [] }, { name: 'center', style: 'second', points: [] }];
const accuracies: Series[] = [{ name: 'test', style: 'first', points: [] }, { name: 'train', style: 'second', points: [] }];

function append({ points }: Series, step: number, value: number, smooth = true): void {
  const before = points.at(-1)?.[1];
  points.push([step, smooth && before !== undefined ? before * smoothing + value * (1 - smoothing) : value]);
}

function drawCurves(): void {
  drawChart(find<SVGSVGElement>('#losses'), losses, { logarithmic: true, format: (value) => value.toPrecision(1).replace(/^(\d)e\+0$/, '$1') });
  drawChart(find<SVGSVGElement>('#accuracies'), accuracies, { logarithmic: false, format: (value) => percent(value, 0) });
}
new ResizeObserver(drawCurves).observe(find('.curves'));

// What the worker says
let images = new Uint8Array();
let labels = new Float32Array();
let speed: number | undefined;

const answers: { readonly [K in Report['kind']]: (report: Extract<Report, { kind: K }>) => void } = {
  engine: ({ name, note }) => {
    find('#engine').textContent = name;
    find('#note').textContent = note ?? '';
    find<HTMLElement>('#note').hidden = note === undefined;
    find('#waiting').textContent = 'Compiling the network …';
    speed = undefined;
  },
  digits: (report) => {
    [images, labels] = [report.images as Uint8Array<ArrayBuffer>, report.labels as Float32Array<ArrayBuffer>];
    scatter.labels = labels;
    find('#waiting').textContent = 'Starting the engine …';
  },
  step: ({ step, report, milliseconds, compilations }) => {
    speed = speed === undefined ? milliseconds : 0.9 * speed + 0.1 * milliseconds;
    find('#step').textContent = step.toLocaleString('en');
    find('#speed').textContent = `${speed.toFixed(0)} ms`;
    document.body.dataset['compilations'] = String(compilations);
    append(losses[0]!, step, report.crossEntropy);
    append(losses[1]!, step, report.centerLoss);
    append(accuracies[1]!, step, report.accuracy);
  },
  view: ({ step, view }) => {
    find<HTMLElement>('#waiting').hidden = true;
    for (const button of [runButton, againButton]) button.disabled = false;
    scatter.show(view);
    find('#step').textContent = step.toLocaleString('en');
    find('#accuracy').textContent = percent(view.accuracy);
    append(accuracies[0]!, step, view.accuracy, false);
    find('#scatter').setAttribute('aria-label', `1,000 test digits in the two dimensions of the embedding after ${step} steps, ${percent(view.accuracy)} of them right`);
    drawCurves();
  },
  placed: ({ placement }) => showPlacement(placement),
  failed: ({ message }) => {
    find('#note').textContent = message;
    find<HTMLElement>('#note').hidden = false;
    find('#waiting').textContent = message;
    for (const button of [runButton, stepButton, againButton]) button.disabled = true;
  },
};
worker.addEventListener('message', ({ data }: MessageEvent<Report>) => (answers[data.kind] as (report: Report) => void)(data));
worker.addEventListener('error', (event) => answers.failed({ kind: 'failed', message: `The training cannot start: ${event.message || 'this browser does not run its worker'}` }));

// The digit under the pointer
const hover = find<HTMLElement>('#hover');
find<HTMLCanvasElement>('#scatter').addEventListener('pointermove', (event) => {
  const digit = scatter.digitAt(event.offsetX, event.offsetY);
  hover.hidden = digit === undefined;
  if (digit === undefined) return;
  const picture = new ImageData(side, side);
  for (let i = 0; i < side * side; i++) picture.data.fill(images[digit * side * side + i]!, 4 * i, 4 * i + 3).fill(255, 4 * i + 3, 4 * i + 4);
  hover.querySelector('canvas')!.getContext('2d')!.putImageData(picture, 0, 0);
  hover.querySelector('figcaption')!.textContent = `a ${labels[digit]}`;
  const room = find<HTMLElement>('#scatter').clientWidth;
  hover.style.translate = `${Math.min(event.offsetX + 14, room - 84)}px ${Math.min(event.offsetY + 14, room - 100)}px`;
});
find('#scatter').addEventListener('pointerleave', () => (hover.hidden = true));

const wish = new URLSearchParams(location.search).get('device');
applyTheme(theme);
drawCurves();
send({
  kind: 'start', digits: new URL('digits/', document.baseURI).href, rates: rates(), batchSize: 64,
  device: devices.includes(wish as DeviceWish) ? (wish as DeviceWish) : 'auto',
});
setRunning(true);
