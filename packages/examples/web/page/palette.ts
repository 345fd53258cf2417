/** What is drawn by hand: the style sheet has the rest. */
export interface Palette {
  /** One colour a digit, kept apart from each other on the ground. */
  readonly digits: readonly string[];
  readonly ground: string;
  readonly grid: string;
  readonly ink: string;
  readonly faint: string;
}

export type ThemeName = 'dark' | 'light';

export const palettes: { readonly [T in ThemeName]: Palette } = {
  dark: {
    digits: ['#ff5d6c', '#ff9f4a', '#f7dc5a', '#7ad65a', '#1fae90', '#6ad4f7', '#5b80ff', '#a881f5', '#f576cb', '#dfe6f3'],
    ground: '#111729', grid: '#1b2338', ink: '#eef1f8', faint: '#64708d',
  },
  light: {
    digits: ['#d6303f', '#e07a10', '#c7a008', '#3f9e25', '#0d8069', '#1e9ccc', '#2c52d6', '#7b4fd0', '#c93a97', '#4c5468'],
    ground: '#ffffff', grid: '#eeece5', ink: '#1c2030', faint: '#878da0',
  },
};
