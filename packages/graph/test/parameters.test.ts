import { describe, expect, it } from 'vitest';
import { axes, bool, choice, float, int, openTuple, optional, text, tuple, type Parameter } from '../src/index.js';

const whole = int('');
const positive = int('', { minimum: 1 });
const number = float('');
const share = float('', { minimum: 0, maximum: 1 });
const flag = bool('');
const shape = tuple('');
const bounds = openTuple('');
const reduced = axes('');
const word = choice('', ['max', 'avg']);
const maybe = optional(int(''));

type Row = readonly [name: string, parameter: Parameter<never>, text: string, value: unknown, written: string];
const row = <T>(name: string, parameter: Parameter<T>, read: string, value: T, written: string): Row => [name, parameter as unknown as Parameter<never>, read, value, written];

const accepted: readonly Row[] = [
  row('int', whole, '3', 3, '3'),
  row('int', whole, '-1', -1, '-1'),
  row('int', whole, '3L', 3, '3'),
  row('int', whole, ' 7 ', 7, '7'),
  row('float', number, '0.5', 0.5, '0.5'),
  row('float', number, '2', 2, '2'),
  row('float', number, '2e-05', 2e-5, '2e-05'),
  row('float', number, '1e-05', 0.00001, '1e-05'),
  row('float', number, '0.0001', 0.0001, '0.0001'),
  row('float', number, '1e+16', 1e16, '1e+16'),
  row('float', number, '-inf', -Infinity, '-inf'),
  row('float', number, '.5', 0.5, '0.5'),
  row('bool', flag, 'True', true, 'True'),
  row('bool', flag, 'true', true, 'True'),
  row('bool', flag, '1', true, 'True'),
  row('bool', flag, 'False', false, 'False'),
  row('bool', flag, '0', false, 'False'),
  row('tuple', shape, '(2, 2)', [2, 2], '(2, 2)'),
  row('tuple', shape, '[2,2]', [2, 2], '(2, 2)'),
  row('tuple', shape, '(2L, 2L)', [2, 2], '(2, 2)'),
  row('tuple', shape, '(3,)', [3], '(3,)'),
  row('tuple', shape, '3', [3], '(3,)'),
  row('tuple', shape, '()', [], '()'),
  row('tuple with open entries', bounds, '(None, 3)', [null, 3], '(None, 3)'),
  row('axes', reduced, '()', null, '()'),
  row('axes', reduced, 'None', null, '()'),
  row('axes', reduced, '1', [1], '(1,)'),
  row('axes', reduced, '(0, 2)', [0, 2], '(0, 2)'),
  row('choice', word, 'avg', 'avg', 'avg'),
  row('optional', maybe, 'None', null, 'None'),
  row('optional', maybe, '4', 4, '4'),
  row('text', text(''), 'anything', 'anything', 'anything'),
];

const refused: readonly (readonly [name: string, parameter: Parameter<never>, text: string, way: string])[] = [
  ['int', whole as Parameter<never>, '2.0', 'int'],
  ['int', whole as Parameter<never>, '', 'int'],
  ['int with a minimum', positive as Parameter<never>, '0', 'int >= 1'],
  ['float', number as Parameter<never>, '1,5', 'float'],
  ['float with limits', share as Parameter<never>, '1.5', 'float >= 0 <= 1'],
  ['bool', flag as Parameter<never>, 'yes', 'True or False'],
  ['bool', flag as Parameter<never>, 'constructor', 'True or False'],
  ['tuple', shape as Parameter<never>, '(2.0, 2)', 'tuple of int'],
  ['tuple', shape as Parameter<never>, '(2', 'tuple of int'],
  ['tuple', shape as Parameter<never>, '(2,,2)', 'tuple of int'],
  ['tuple', shape as Parameter<never>, '(None,)', 'tuple of int'],
  ['choice', word as Parameter<never>, 'sum', 'max | avg'],
];

describe('parameters', () => {
  it.each(accepted)('%s is read and written as MXNet does: %#', (_, parameter, read, value, written) => {
    expect(parameter.parse(read)).toEqual(value);
    expect(parameter.format(value as never)).toBe(written);
  });

  it.each(refused)('%s refuses a text of another kind and says what it takes: %#', (_, parameter, read, way) => {
    expect(() => parameter.parse(read)).toThrow(`is not accepted; give ${way}`);
  });

  it('is written as the number it was given where one axis is given as a number', () => {
    expect(reduced.format(1)).toBe('1');
  });
});
