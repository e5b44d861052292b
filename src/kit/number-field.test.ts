import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { count, display, exactText, tickText } from '../experiment/numbers.ts';
import { readings } from './number-field.tsx';

describe('numbers that are typed', () => {
  it.each<[string, number[]]>([
    ['8', [8]],
    [' 8 ', [8]],
    ['0.5', [0.5]],
    ['0,5', [0.5]],
    [',5', [0.5]],
    ['.5', [0.5]],
    ['5.', [5]],
    ['-3', [-3]],
    ['−3', [-3]],
    ['+3', [3]],
    ['1e-3', [0.001]],
    ['1E-3', [0.001]],
    ['2,5e-3', [0.0025]],
    ['10^-3', [0.001]],
    ['10⁻³', [0.001]],
    ['-10^2', [-100]],
    ['2·10^-3', [0.002]],
    ['2 × 10⁻³', [0.002]],
    ['2*10^(-3)', [0.002]],
    ['1,024', [1024, 1.024]],
    ['0,125', [0.125]],
    ['1.234', [1.234]],
    ['1,234.5', [1234.5]],
    ['1.234,5', [1234.5]],
    ['1.234.567', [1234567]],
    ['1,234,567', [1234567]],
    ['1 234 567', [1234567]],
    ["1'234", [1234]],
    ['1\u202f234', [1234]],
    ['65_536', [65536]],
  ])('%j', (text, values) => {
    expect(readings(text)).toEqual(values);
  });

  it.each([
    '',
    ' ',
    '.',
    ',',
    '-',
    '+',
    'e5',
    '10^',
    '^3',
    '0x10',
    '0b1',
    'NaN',
    'Infinity',
    '1e999',
    '10^999',
    '−∞',
    '1e',
    '1e1.5',
    '1..2',
    '1,,2',
    '1,2,3',
    '1.2.3',
    '12,34,567',
    '1 2',
    '1 23',
    '--1',
    '1-2',
    '8 px',
    '5%',
    '½',
    '٣',
    '1n',
    '10^10^10',
    '1,234,56',
    '0,000,001',
    '__proto__',
    '<b>8</b>',
    '9'.repeat(100),
    `1e${'0'.repeat(50)}1`,
  ])('refuses %j', (text) => {
    expect(readings(text)).toEqual([]);
  });

  it('never throws and gives finite numbers, whatever is typed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[-+0-9.,e^·* ]{0,20}$/)), (text) => {
        for (const value of readings(text)) expect(Number.isFinite(value)).toBe(true);
      }),
    );
  });

  it('reads back every number that the page writes in a field', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(readings(exactText(value))[0]).toBe(value === 0 ? 0 : value);
      }),
    );
  });

  it('reads back whole numbers with thousands apart', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(readings(count(value))[0]).toBe(value === 0 ? 0 : value);
      }),
    );
  });
});

describe('numbers on screen', () => {
  it.each<[number, string]>([
    [0, '0'],
    [-0, '0'],
    [8, '8'],
    [4096, '4,100'],
    [0.0151234, '0.0151'],
    [0.001, '0.001'],
    [0.0001, '10⁻⁴'],
    [0.00025, '2.5·10⁻⁴'],
    [-0.5, '−0.5'],
    [1e-20, '10⁻²⁰'],
    [1e21, '10²¹'],
    [Number.POSITIVE_INFINITY, '∞'],
    [Number.NaN, 'not a number'],
  ])('%d is %s', (value, text) => {
    expect(display(value)).toBe(text);
  });

  it('never writes "1e-3"', () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        expect(display(value)).not.toMatch(/\de/);
      }),
    );
  });

  it('writes ticks', () => {
    expect([1e-5, 0.01, 0.1, 1, 0.05, 1024].map(tickText)).toEqual(['10⁻⁵', '10⁻²', '0.1', '1', '0.05', '1,024']);
  });
});
