import { describe, expect, it } from 'vitest';
import { settingsOf, tuningOf } from '../../engine/run/tuner.ts';
import { parseLink, settingsLink, writeLink } from '../link/link.ts';
import { change, defaults } from './experiment.ts';
import { curvature, derivedRate, leastOf, rateFor, ratesOf, rateText, roundDown, timesRate } from './rate.ts';
import { defaultView } from './view.ts';

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

  it('moves ΔW by shares of σ₁ if steps have one size', () => {
    const e = { ratio: 1, d: 64, k: 16, rank: 4 };
    const facts = { a: 0.5, b: 0.25, sigma1: 1 };
    // √(1/2) is more than a: .02/(2·.7071) = .01414, .1/(2·16·.7071) = .004419.
    expect(['muon', 'polar', 'signsgd'].map((opt) => derivedRate({ ...e, opt }, 2, facts))).toEqual([
      ...[0.014, 0.014, 0.0044],
    ]);
    // λa = 8 decides: .02/(2·8), .1/(2·16·8).
    expect(derivedRate({ ...e, ratio: 16, opt: 'muon' }, 2, facts)).toBe(0.0012);
    expect(derivedRate({ ...e, ratio: 16, opt: 'signsgd' }, 2, facts)).toBe(0.00039);
    for (const opt of ['muon', 'polar', 'signsgd'])
      expect(derivedRate({ ...e, opt }, 2, { a: 0, b: 0, sigma1: 0 })).toBe(1e-20);
  });

  it('of rules that undo the size of the other factor is that of E itself', () => {
    const e = { d: 64, k: 16, rank: 4 };
    const facts = { a: 0.5, b: 0.25, sigma1: 1 };
    const rates = (ratio: number, more = {}) =>
      ['scaled', 'lora-pro'].map((opt) => derivedRate({ ...e, ratio, opt }, 2, { ...facts, ...more }));
    expect(rates(1)).toEqual([0.5, 0.3]);
    // LoRA-Pro takes no ratio.
    expect(rates(16)).toEqual([0.031, 0.3]);
    // λmax + tr/batch = 2 + 12/4 = 5.
    expect(rates(1, { inputs: { lambdaMax: 2, trace: 12, batch: 4, noise: 0 } })).toEqual([0.1, 0.06]);
  });

  it('is that of one rate for both factors under LoRA-Pro, which takes no ratio', () => {
    const link = '#v=1&target=hadamard&init=milora&rank=16&scaling=rslora&opt=lora-pro&ratio=16';
    const { experiment, faults } = parseLink(link);
    expect(faults).toEqual([{ kind: 'inactive', key: 'ratio' }]);
    expect(experiment.ratio).toBe(1);
    // Set for Adam, it has no effect on LoRA-Pro.
    const changed = change(change(experiment, { opt: 'adam', ratio: 16 }), { opt: 'lora-pro' });
    const [{ ratio }] = settingsOf(tuningOf(changed, []), [{ rank: 16 }]);
    expect([changed.ratio, ratio, settingsLink(changed)]).toEqual([16, 1, settingsLink(experiment)]);
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

describe('the rates of several matrices', () => {
  const e = { opt: 'adam', ratio: 1, scaling: 'standard', alpha: 8 } as const;
  const rates = {
    adapter: { sgd: 0.07, momentum: 0.005, adam: 0.15 },
    full: { sgd: 0.1, momentum: 0.02, adam: 0.005 },
  };
  const matrix = (d: number, rank: number, a: number, full = false) => ({
    ...{ d, k: 64, rank },
    facts: { a, b: 0, sigma1: 0, network: { rates, full } },
  });

  it('of a network are one each, by its own size, rank and start; of one matrix one number', () => {
    // By hand: 0.15/(2·√(64·4)·0.8) = 0.00585…, 0.15/(2·√(64·4)·0.5) = 0.0093…, 0.15/(8·√64·1) = 0.0023…
    const three = [matrix(64, 4, 0.8), matrix(64, 4, 0.5), matrix(10, 1, 1)];
    expect(rateFor(e, three)).toBe('0.0058,0.0093,0.0023');
    expect(rateFor(e, three.slice(0, 1))).toBe(0.0058);
    expect(rateFor(e, [matrix(64, 64, 1, true), matrix(10, 10, 1, true)])).toBe('0.005,0.005');
  });

  it('of matrices with known ΔW* are the least', () => {
    const known = [1, 2].map((a) => ({ d: 64, k: 64, rank: 4, facts: { a, b: 0, sigma1: 1 } }));
    // 0.5/(2·16·2)
    expect(rateFor(e, known)).toBe(0.0078);
  });

  it('are one number for all, or a list that fits', () => {
    expect(ratesOf(0.1, 3)).toEqual([0.1, 0.1, 0.1]);
    expect(ratesOf('0.1,0.2', 2)).toEqual([0.1, 0.2]);
    expect(() => ratesOf('0.1,0.2', 3)).toThrow(new RangeError('2 learning rates do not fit 3 matrices.'));
    expect([leastOf(0.1), leastOf('0.3,0.2')]).toEqual([0.1, 0.2]);
    expect([timesRate(2, 0.1), timesRate(0.5, '0.5,0.25')]).toEqual([0.2, '0.25,0.125']);
    expect([rateText(0.1), rateText('0.0041,0.02,0.0056'), rateText('0.005,0.005')]).toEqual([
      ...['0.1', '0.0041–0.02', '0.005'],
    ]);
  });
});
