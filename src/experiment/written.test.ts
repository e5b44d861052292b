import { expect, it } from 'vitest';
import { ordinal, rounded, written } from './written.ts';

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
  expect(written(value)).toBe(text);
});

it.each([
  [1.04e30, '10³⁰'],
  [1.3e6, '1.3·10⁶'],
  [0.000016, '1.6·10⁻⁵'],
  [0.00523, '0.0052'],
])('%f to two digits is %s', (value, text) => {
  expect(rounded(value, 2)).toBe(text);
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
