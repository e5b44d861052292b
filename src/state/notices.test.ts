import { expect, it } from 'vitest';
import { divergedNotice, duration } from './notices.ts';
import { initialState } from './state.ts';
import { extend } from './trace.ts';

it.each([
  [75, '75 s'],
  [(119 * 60) / 2, '60 min'],
  [185 * 60, '3 hours'],
  [26 * 3600, '26 hours'],
  [400 * 3600, '17 days'],
])('%d seconds are %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

it('a divergence says which limit the loss passed, or that there is no number for it', () => {
  const fresh = initialState({ backend: null, stepper: null });
  const one = Float64Array.of(2);
  const lists = { gradNormA: one, gradNormB: one, updateNormA: one, updateNormB: one, relativeError: one };
  const trace = extend(fresh.run.trace, { from: 0, loss: one, ...lists });
  const said = (targetNorm: number, loss: number) => {
    const ready = { targetNorm, facts: { a: 1, b: 0, sigma1: 1 } } as unknown as NonNullable<typeof fresh.run.ready>;
    return divergedNotice({ ...fresh, run: { ...fresh.run, trace, ready } }, { step: 7, loss }).texts[0];
  };
  expect(said(2, 3.14e9)).toBe(
    'Its loss is 3.1·10⁹, more than 10⁶ times its first value. Shown is step 7, the last good state.',
  );
  expect(said(9, 3.14e9)).toContain('more than 10⁶ times ½‖ΔW*‖².');
  for (const loss of [Number.NaN, Number.POSITIVE_INFINITY])
    expect(said(2, loss)).toContain('beyond the range of float32');
});
