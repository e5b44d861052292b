import { expect, it } from 'vitest';
import { defaults } from '../../experiment/settings/experiment.ts';
import { defaultView } from '../../experiment/settings/view.ts';
import { newRun, type Run } from '../../state/run/run.ts';
import { lossWords } from './status.ts';

const words = (run: Run) => lossWords({ run, view: defaultView() });

const losses = { steps: [0, 9], training: [3, 0.5], heldOut: [3, 1.6] };
const run = (heldOut: number): Run => ({
  ...newRun(1, defaults()),
  losses,
  ready: { modules: [{ rank: 4 }], samples: { floors: { training: 0.4, heldOut } } } as unknown as Run['ready'],
});

it('says how far the held-out loss has come and where its floor is', () => {
  expect(words(run(1.5))).toBe('held-out loss 1.60; floor 1.50 for r\u00a0=\u00a04');
  expect(words(run(Number.NaN))).toBe('held-out loss 1.60');
});

it('names what decides the floor: a frozen factor, or the initialisation that has moved a part of W₀', () => {
  const withReady = (more: object) => {
    const ready = { ...run(1.5).ready, modules: [{ rank: 4, ...more }] };
    return { ...run(1.5), ready: ready as unknown as Run['ready'] };
  };
  expect(words(withReady({ frozenFactor: 'B' }))).toBe('held-out loss 1.60; floor 1.50 with this B');
  // Named after the run's initialisation, here the default.
  expect(words(withReady({ moved: { scaling: 1 } }))).toBe('held-out loss 1.60; floor 1.50 with Kaiming uniform');
});

it('says nothing of a target without samples, or before anything was measured', () => {
  expect(words({ ...newRun(1, defaults()), losses })).toBeNull();
  expect(words({ ...run(1), losses: { steps: [], training: [], heldOut: [] } })).toBeNull();
});
