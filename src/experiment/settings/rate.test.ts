import { describe, expect, it } from 'vitest';
import { parseLink, writeLink } from '../link/link.ts';
import { defaults, defaultView } from './experiment.ts';
import { curvature, derivedRate, roundDown } from './rate.ts';

describe('the derived learning rate', () => {
  it('is cut to two significant digits, powers of ten staying what they are', () => {
    for (let e = -20; e <= 3; e++) expect(roundDown(Number(`1e${e}`))).toBe(Number(`1e${e}`));
    expect(roundDown(0.0199999)).toBe(0.019);
    expect(roundDown(0.02)).toBe(0.02);
    expect(roundDown(9.99e-5)).toBe(9.9e-5);
    expect(roundDown(0.3)).toBe(0.3);
  });

  it('follows the formulas of each optimiser', () => {
    const e = { ratio: 4, d: 64, k: 16, rank: 4 };
    const facts = { a: 0.5, b: 0.25, sigma1: 1 };
    const q = 2 * 2 * (4 * 0.25 + 0.0625) + 2 * 2 * 2 * 1; // by hand: 12.25
    expect(curvature({ ...e, opt: 'sgd' }, 2, facts)).toBe(q);
    expect(derivedRate({ ...e, opt: 'sgd' }, 2, facts)).toBe(0.081);
    expect(derivedRate({ ...e, opt: 'momentum' }, 2, facts)).toBe(0.024);
    expect(derivedRate({ ...e, opt: 'adam' }, 2, facts)).toBe(0.02); // 0.5/(2·16·0.5) = 0.03125, capped
    expect(derivedRate({ ...e, opt: 'adamw' }, 8, facts)).toBe(0.0078);
    expect(derivedRate({ ...e, opt: 'adam' }, 2, { a: 0, b: 0, sigma1: 1 })).toBe(0.02);
  });

  it('stays within what a link may ask for, however small α and ΔW* are', () => {
    const e = { opt: 'sgd', ratio: 1, d: 64, k: 64, rank: 8 };
    const rates = [1, 1e-3, 1e-30].map((sigma1) => derivedRate(e, 1e-4, { a: 1, b: 0, sigma1 }));
    expect(rates[0]).toBe(4900);
    for (const rate of rates) {
      const opened = parseLink(writeLink(defaults(), defaultView(), rate));
      expect([opened.experiment.lr, opened.faults]).toEqual([rate, []]);
    }
  });
});
