/** One colour a digit, chosen to stay apart from each other on the dark ground. */
export const digitColors = [
  '#ff4d5e', // red
  '#ff9a3c', // orange
  '#ffe14d', // yellow
  '#6fe04a', // green
  '#12a889', // teal
  '#63d8ff', // sky
  '#4c74ff', // blue
  '#a678ff', // violet
  '#ff6fd0', // pink
  '#e9eef7', // white
] as const;

/** Colours (CSS) of all plots. */
export const theme = {
  background: '#0a0e1a',
  panel: '#0f1525',
  grid: '#1c2438',
  axis: '#33405c',
  ink: '#f2f5fb',
  muted: '#8b98b4',
  faint: '#5d6a87',
  softmaxOnly: '#ffb454',
  centerLoss: '#5ad1ff',
} as const;
