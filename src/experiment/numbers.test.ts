import { describe, expect, it } from 'vitest';
import { allDigits, count, number, ordinal, percent, powerOfTen, round, superscript, trim } from './numbers.ts';

it.each([
  [0.0052, '0.0052'],
  [1000, '1000'],
  [1e-20, '10⁻²⁰'],
  [1.6e-7, '1.6·10⁻⁷'],
  [1e12, '10¹²'],
  [1e30, '10³⁰'],
  [-2.5e30, '−2.5·10³⁰'],
  [0, '0'],
  [-0.5, '−0.5'],
  [-1e39, '−10³⁹'],
  [Number.NEGATIVE_INFINITY, '−∞'],
])('%f is written %s', (value, text) => {
  expect(allDigits(value)).toBe(text);
});

it.each([
  [1.04e30, '10³⁰'],
  [1.3e6, '1.3·10⁶'],
  [0.000016, '1.6·10⁻⁵'],
  [0.00523, '0.0052'],
])('%f to two digits is %s', (value, text) => {
  expect(round(value, 2)).toBe(text);
});

it.each([
  [1, '1st'],
  [2, '2nd'],
  [3, '3rd'],
  [4, '4th'],
  [11, '11th'],
  [13, '13th'],
  [22, '22nd'],
  [251, '251st'],
  [1002, '1,002nd'],
])('place %d is the %s', (n, text) => {
  expect(ordinal(n)).toBe(text);
});

describe('number', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [0.227, '0.227'],
    [1, '1.00'],
    [14.92, '14.9'],
    [204.4, '204'],
    [0.00812, '8.12·10⁻³'],
    [1234567, '1.23·10⁶'],
    [-0.0158, '−0.0158'],
    [-6.2e-12, '−6.20·10⁻¹²'],
    [Number.POSITIVE_INFINITY, '∞'],
    [Number.NEGATIVE_INFINITY, '−∞'],
    [Number.NaN, 'not a number'],
  ])('%d is "%s"', (value, text) => expect(number(value)).toBe(text));

  it('rounds before it chooses how to print', () => {
    expect(number(999.6)).toBe('1.00·10³');
    expect(number(999.4)).toBe('999');
    expect(number(0.009996)).toBe('0.0100');
    expect(number(9.996)).toBe('10.0');
    expect(number(0.0081, 2)).toBe('8.1·10⁻³');
  });

  it('never shows an e, a hyphen, or more than three digits that count', () => {
    for (let e = -320; e <= 308; e += 3) {
      for (const lead of [1, 2.71, 9.9951]) {
        const text = number(Number(`-${lead}e${e}`));
        expect(text).not.toMatch(/[e-]/);
        const digits = text.split('·')[0].replace(/[−.]/g, '').replace(/^0+/, '');
        expect(digits.length, text).toBeLessThanOrEqual(3);
      }
    }
  });
});

describe('trimmed', () => {
  it.each([
    [32, '32'],
    [13.714285, '13.7'],
    [0.5, '0.5'],
    [2, '2'],
    [1e-4, '1·10⁻⁴'],
    [0.015, '0.015'],
    [100.04, '100'],
    [0.3, '0.3'],
    [1200, '1,200'],
  ])('%d is "%s"', (value, text) => expect(trim(value)).toBe(text));
});

describe('count', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [4096, '4,096'],
    [16777216, '16,777,216'],
    [-1024, '−1,024'],
  ])('%d is "%s"', (value, text) => expect(count(value)).toBe(text));
});

describe('percent', () => {
  it.each([
    [0, '0%'],
    [0.25, '25%'],
    [0.03125, '3%'],
    [0.001953, '0.2%'],
    [2, '200%'],
    [64, '6,400%'],
    [0.0096, '1%'],
  ])('%d is "%s"', (value, text) => expect(percent(value)).toBe(text));
});

it('powers of ten are figures near 1', () => {
  expect([-5, -3, -1, 0, 2, 3, 4].map(powerOfTen)).toEqual(['10⁻⁵', '0.001', '0.1', '1', '100', '1,000', '10⁴']);
  expect(superscript(-12)).toBe('⁻¹²');
});
