import { InputError } from '@lossworks/example-kit';
import { describe, expect, test } from 'vitest';
import { parseOptions } from '../src/options.js';

const ignore = () => {};

describe('options', () => {
  test('without arguments there are defaults', () => {
    expect(parseOptions([], ignore)).toMatchObject({ epochs: 6, batchSize: 128, alpha: 0.5, loss: 'built-in', out: 'out/mnist-center-loss', resume: false });
  });

  test('all of them are taken over', () => {
    const args = '--epochs 20 --seed 7 --lambda 0.003 --alpha 1 --batch-size 64 --loss custom --engine onnx-web --out o --data d --train-limit 500 --resume';
    expect(parseOptions(args.split(' '), ignore)).toEqual({
      epochs: 20, seed: 7, lambda: 0.003, alpha: 1, batchSize: 64, loss: 'custom', engine: 'onnx-web', out: 'o', data: 'd', trainLimit: 500, resume: true,
    });
  });

  test('--help names every option', () => {
    let help = '';
    expect(parseOptions(['--help'], (text) => (help += text))).toBeUndefined();
    for (const name of ['epochs', 'seed', 'lambda', 'alpha', 'batch-size', 'loss', 'engine', 'out', 'data', 'train-limit', 'resume']) expect(help).toContain(`--${name}`);
  });

  test.each([
    [['--epochs', 'abc'], "--epochs: 'abc' is not a whole number of at least 1"],
    [['--epochs', '0'], "--epochs: '0' is not a whole number of at least 1"],
    [['--epochs', '1.5'], "--epochs: '1.5' is not a whole number of at least 1"],
    [['--epochs='], "--epochs: '' is not a whole number of at least 1"],
    [['--seed', '-1'], "--seed: '-1' is not a whole number of at least 0"],
    [['--lambda', '-0.1'], "--lambda: '-0.1' is not a number of at least 0"],
    [['--lambda', 'Infinity'], "--lambda: 'Infinity' is not a number of at least 0"],
    [['--alpha', '1.5'], "--alpha: '1.5' is not a number from 0 to 1"],
    [['--alpha', 'half'], "--alpha: 'half' is not a number from 0 to 1"],
    [['--batch-size', '0'], "--batch-size: '0' is not a whole number of at least 1"],
    [['--train-limit', '1e400'], "--train-limit: '1e400' is not a whole number of at least 1"],
    [['--loss', 'triplet'], "--loss: 'triplet' is not built-in or custom"],
    [['--epoch', '3'], "unknown option '--epoch' (Did you mean --epochs?)"],
    [['--epochs'], "option '--epochs <n>' argument missing"],
    [['surplus'], /too many arguments/],
  ])('%j is one clear line', (args, message) => {
    const attempt = () => parseOptions(args, ignore);
    expect(attempt).toThrow(InputError);
    expect(attempt).toThrow(message);
    expect(() => attempt()).not.toThrow('\n');
  });
});
