// @vitest-environment happy-dom
import { beforeAll, expect, it } from 'vitest';
import { reduce } from '../../charts/matrices/plane.ts';
import { typescriptBackend } from '../../engine/backends/own-backends.ts';
import { trainInBackground } from '../../engine/background-runs/background-run.ts';
import { recordOf } from '../../engine/background-runs/background-runs.ts';
import { defaults } from '../../experiment/settings/experiment.ts';
import { snapshotsOf } from '../../state/owl/owl.ts';
import { owlPixels } from './owl-pixels.ts';

beforeAll(() => {
  document.documentElement.style.setProperty('--paper', '#ffffff');
  document.documentElement.style.setProperty('--ink', '#000000');
});

it.each(['kaiming-uniform', 'pissa'] as const)(
  'the owl is the plain one at step 0, and at a rank that is enough the one that was to be learned: %s',
  async (init) => {
    const size = { target: 'edit', edit: 'hat', d: 16, k: 16, rank: 16, alpha: 16, steps: 3000 } as const;
    const experiment = { ...defaults(), ...size, init };
    const observe = [0];
    const made = await trainInBackground(experiment, { backends: [typescriptBackend], observe });
    const result = recordOf(made, { observe, keep: ['snapshots'] });
    const [{ base, wanted }] = made.problem.modules;
    const module = { rank: 16, basePlane: reduce(base.data, 16, 16, 256) };
    const shots = snapshotsOf({ experiment, result });
    expect(shots.map(({ step }) => step)).toEqual([0, result.summary.steps]);
    const [low, high] = [Math.min(...base.data), Math.max(...base.data)];
    for (const [i, { error }] of shots.entries()) {
      const into = new Uint8ClampedArray(4 * 256);
      owlPixels(module, shots[i]).paint(into);
      // The darkest entry of W₀ is black, the lightest white.
      const grey = (at: number) => {
        const W = base.data[at] + (i === 0 ? 0 : wanted.matrix.data[at]);
        return 255 * (1 - Math.min(1, Math.max(0, (W - low) / (high - low))));
      };
      const apart = Array.from({ length: 256 }, (_, at) => Math.abs(into[4 * at] - grey(at)));
      expect(i === 0 ? Math.abs(error - 1) : error).toBeLessThan(0.01);
      // Two steps of grey for rounding, and what the run still misses.
      const missing = i === 0 ? 0 : error * Math.hypot(...wanted.matrix.data);
      expect(Math.max(...apart)).toBeLessThan(2 + (255 * missing) / (high - low));
    }
  },
);
