import { expect, it } from 'vitest';
import { dialsText, REACH, readDials, USUAL_DIALS } from './dial-link.ts';
import { type Knobs, turned, UNTURNED } from './dials.ts';

it('each state of the dials is a text, and is read from it again', () => {
  const states = (['adam', 'sgd'] as const).flatMap((rule) =>
    [0.25, 0.5, 1, 2, 3, 4].flatMap((p) => [
      { ...USUAL_DIALS, rule, turn: { p, q: 4 }, knobs: turned(rule, p, 4) },
      { ...USUAL_DIALS, rule, turn: null, knobs: { ...UNTURNED, size: p, rateB: 1 / REACH }, slope: p },
      { ...USUAL_DIALS, rule, turn: null, knobs: { ...turned(rule, p, 2), alpha: 0.7 }, turning: 3 },
    ]),
  );
  for (const { knobs, ...state } of states) {
    const text = dialsText({ ...state, knobs });
    const { knobs: read, ...rest } = readDials(text);
    expect(rest).toEqual(state);
    for (const key of Object.keys(knobs) as (keyof Knobs)[]) expect(read[key], text).toBeCloseTo(knobs[key], 9);
    expect(text).toMatch(/^[a-z]+:[a-z0-9.]+(,[a-z]+:[a-z0-9.]+)*$/);
  }
});

it('what a hostile link holds is bounded, or as usual', () => {
  for (const text of ['', 'x', 'rule:muon,p:1e9', 'p:-1,q:nan', 'alpha:0,size:9999', 'slope:,turning:1e99']) {
    const { knobs, slope, turning, rule } = readDials(text);
    expect(['adam', 'sgd']).toContain(rule);
    for (const value of [...Object.values(knobs), slope, turning]) {
      expect(value).toBeGreaterThan(0);
      expect(value).toBeLessThanOrEqual(REACH);
    }
  }
  expect(readDials('')).toEqual(USUAL_DIALS);
});
