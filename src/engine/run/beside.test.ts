import { expect, it } from 'vitest';
import type { Backend } from '../backends/backend.ts';
import { typescriptBackend } from '../backends/own-backends.ts';
import type { Watch } from '../protocol/page-messages.ts';
import type { Stepper } from '../steppers/stepper.ts';
import { TestPage } from '../testing/page.ts';

const STEPS = 600;
/** Steps per spectrum that is kept between frames. */
const SPACING = Math.ceil(STEPS / 64);

/** Other work during a run of 600 steps, each of a millisecond on a clock that only steps advance. */
async function trained(watch: Watch) {
  const time = { ms: 0 };
  const counts = { packs: 0, snapshots: 0 };
  const counting = (stepper: Stepper): Stepper => ({
    ...stepper,
    steps(n) {
      counts.packs += 1;
      time.ms += n;
      return stepper.steps(n);
    },
    snapshot() {
      counts.snapshots += 1;
      return stepper.snapshot();
    },
  });
  const backend: Backend = {
    ...typescriptBackend,
    open: async (start) => counting(await typescriptBackend.open(start)),
  };
  const page = new TestPage(backend, [], () => time.ms);
  page.run(1, { steps: STEPS }, { watch });
  await page.ready(1);
  await page.settled();
  const began = { ...counts, messages: page.messages.length };
  await page.done(page.pace(1));
  const frames = page.all('frame', 1);
  const spectra = new Map<number, readonly number[]>();
  for (const { between, modules, from, series } of frames) {
    for (const { step, spectra: own } of between) spectra.set(step, [...(own[0] ?? [])]);
    const { spectrum } = modules[0];
    if (spectrum) spectra.set(from + series.loss.length - 1, [...spectrum]);
  }
  return {
    frames: frames.length,
    packs: counts.packs - began.packs,
    snapshots: counts.snapshots - began.snapshots,
    messages: page.messages.length - began.messages,
    sampled: [...spectra].filter(([step]) => step % SPACING === 0 || step === STEPS),
    loss: page.trace(1, 'loss'),
    norms: page.trace(1, 'gradNormB'),
    ends: [...frames[frames.length - 1].modules[0].A],
  };
}

const ALL = { metrics: ['spectrum'], modules: null } as const;

it('a run that a script waits for sends a frame each 40 ms, and the same record and spectra as any other', async () => {
  const watched = await trained(ALL);
  const scripted = await trained({ ...ALL, every: 40 });
  const { frames, packs, snapshots, messages, ...record } = scripted;
  // The one before the first step; then up to the last 40 ms, and the end.
  expect(frames).toBeLessThanOrEqual(1 + STEPS / 40);
  expect(frames).toBeGreaterThanOrEqual(STEPS / 40 - 1);
  expect(watched.frames).toBeGreaterThan(2 * frames);
  expect(messages).toBeLessThanOrEqual(frames);
  expect([packs, snapshots]).toEqual([watched.packs, watched.snapshots]);
  // Packs end at a due spectrum, and no more often.
  expect(packs).toBe(STEPS / SPACING);
  expect(record.sampled.map(([step]) => step)).toEqual(Array.from({ length: 61 }, (_, i) => i * SPACING));
  expect(record).toEqual({
    sampled: watched.sampled,
    loss: watched.loss,
    norms: watched.norms,
    ends: watched.ends,
  });
});

it('on a page that nobody sees, one a second', async () => {
  const { frames, sampled } = await trained({ ...ALL, every: 1000 });
  expect(frames).toBe(2);
  expect(sampled).toHaveLength(61);
});
