import { describe, expect, it } from 'vitest';
import { change, defaults } from '../experiment/settings/experiment.ts';
import type { Change, Tuning } from '../experiment/settings/params.ts';
import { type Backend, RunFault } from './backends/backend.ts';
import { typescriptBackend } from './backends/own-backends.ts';
import { lastStep, TestPage } from './testing/page.ts';

const tuning: Tuning = { alpha: 16, scaling: 'standard', opt: 'adam', ratio: 1, epsilon: 1e-8, steps: 400, lr: 0.01 };

/** Settings change during training, wherever the worker happens to be, all of them before step 400. */
async function changedWhileTraining() {
  const page = new TestPage();
  page.run(1, { steps: 400, lr: 0.01, d: 40, k: 40, rank: 8 });
  await page.ready(1);
  const order = page.pace(1, 800);
  const wishes: Partial<Tuning>[] = [
    { alpha: 8 },
    { opt: 'momentum', lr: 0.001 },
    { ratio: 4 },
    { scaling: 'rslora' },
    { opt: 'adamw' },
  ];
  let wish = tuning;
  for (const [i, more] of wishes.entries()) {
    await page.frameAt(1, 30 * (i + 1));
    wish = { ...wish, ...more };
    page.send({ type: 'tune', run: 1, tuning: wish });
  }
  await page.done(order);
  return { page, changes: page.all('frame', 1).flatMap((frame) => frame.changes) };
}

describe('changes while a run goes on', () => {
  it('are recorded at the step from which they hold, and a replay of them gives the same bits', async () => {
    const { page, changes } = await changedWhileTraining();
    expect(changes.map(({ key }) => key)).toEqual(expect.arrayContaining(['alpha', 'opt', 'lr', 'ratio', 'scaling']));
    const before = page.all('frame', 1).at(-1)?.modules[0];
    page.run(2, { steps: 400, lr: 0.01, d: 40, k: 40, rank: 8 }, { replay: { to: 400, changes } });
    await page.frameAt(2, 400);
    await page.settled();
    const last = page.all('frame', 2).at(-1)?.modules[0];
    for (const key of ['loss', 'gradNormA', 'updateNormA'] as const)
      expect(page.trace(2, key)).toEqual(page.trace(1, key));
    expect([last?.A, last?.B, last?.spectrum]).toEqual([before?.A, before?.B, before?.spectrum]);
    expect(page.all('frame', 2).flatMap((frame) => frame.changes)).toEqual(changes);
  });

  it('come with a frame whose last entry is the step that they change', async () => {
    const { page } = await changedWhileTraining();
    for (const frame of page.all('frame', 1)) {
      for (const change of frame.changes) {
        expect(change.step).toBeGreaterThanOrEqual(frame.from);
        expect(change.step).toBeLessThanOrEqual(lastStep(frame));
      }
    }
  });

  it('go on elsewhere with a rule that the back end does not have, from the step where it stood', async () => {
    const unfit: Backend['unfit'] = ({ opt }) => (opt === 'muon' ? 'There is no Muon here.' : null);
    const device: Backend = { ...typescriptBackend, info: { ...typescriptBackend.info, stepper: 'a device' }, unfit };
    const runOn = async (page: TestPage) => {
      page.run(1, { steps: 60, lr: 0.01, d: 40, k: 40, rank: 8 });
      expect((await page.ready(1)).engine.why).toBe(null);
      await page.done(page.pace(1, Number.POSITIVE_INFINITY, 20));
      page.send({ type: 'tune', run: 1, tuning: { ...tuning, opt: 'muon', steps: 60 } });
      await page.done(page.pace(1, Number.POSITIVE_INFINITY, 60));
      return page.trace(1, 'loss');
    };
    const page = new TestPage(device, [], undefined, undefined, typescriptBackend);
    const losses = await runOn(page);
    const [moved] = page.all('engine', 1);
    expect(moved).toMatchObject({ from: 20, engine: { stepper: 'TypeScript' } });
    expect(moved.engine.why).toBe('There is no Muon here. From here on TypeScript makes them.');
    expect(page.all('engine', 1)).toHaveLength(1);
    expect(losses).toEqual(await runOn(new TestPage()));
  });

  it('that change nothing are not recorded', async () => {
    const page = new TestPage();
    page.run(1, { lr: 0.01, steps: 400 });
    await page.frameAt(1, 0);
    page.send({ type: 'tune', run: 1, tuning });
    await page.settled();
    expect(page.all('frame')).toHaveLength(1);
    page.send({ type: 'tune', run: 1, tuning: { ...tuning, steps: 20 } });
    await page.settled();
    const change: Change = { step: 0, key: 'steps', value: 20 };
    expect(page.all('frame').at(-1)?.changes).toEqual([change]);
  });
});

it('a replay stands at its end until it is told to go on', async () => {
  const page = new TestPage();
  page.run(1, { steps: 100 }, { replay: { to: 60, changes: [] } });
  await page.frameAt(1, 60);
  await page.settled();
  expect(page.trace(1, 'loss')).toHaveLength(61);
  expect(page.all('done')).toHaveLength(0);
  expect(await page.done(page.pace(1))).toMatchObject({ ending: 'finished', step: 100 });
});

it('sends what is good before it says that the device is lost', async () => {
  let calls = 0;
  const dying: Backend = {
    ...typescriptBackend,
    open: async (start) => {
      const stepper = await typescriptBackend.open(start);
      const steps = (n: number) => {
        calls += 1;
        return calls > 40 ? Promise.reject(new RunFault('device-lost', 'gone')) : stepper.steps(n);
      };
      return { ...stepper, steps };
    },
  };
  const page = new TestPage(dying);
  page.acknowledges = false;
  page.run(1, { steps: 100_000, lr: 1e-7 });
  page.pace(1);
  expect(await page.failed(1)).toMatchObject({ kind: 'device-lost', why: 'gone' });
  expect(page.all('frame')).toHaveLength(3);
  expect(page.trace(1, 'loss').every((loss) => loss > 0)).toBe(true);
  expect(page.messages.at(-1)?.type).toBe('failed');
});

it('changes the rates of a network one a matrix, repeats that, and refuses a list for other matrices by name', async () => {
  const experiment = change(defaults(), { target: 'digits', rank: 4, steps: 12, lr: '0.01,0.02,0.03' });
  const page = new TestPage();
  page.run(1, experiment);
  expect((await page.ready(1)).rate).toBe('0.01,0.02,0.03');
  await page.done(page.pace(1, 400, 4));
  const own = { ...tuning, alpha: 8, steps: 12 };
  page.send({ type: 'tune', run: 1, tuning: { ...own, lr: '0.001,0.02,0.03' } });
  await page.done(page.pace(1, 400, 12));
  const changes = page.all('frame', 1).flatMap((frame) => frame.changes);
  expect(changes).toEqual([{ step: 4, key: 'lr', value: '0.001,0.02,0.03' }]);
  page.run(2, experiment, { replay: { to: 12, changes } });
  await page.frameAt(2, 12);
  expect(page.trace(2, 'loss')).toEqual(page.trace(1, 'loss'));
  page.send({ type: 'tune', run: 2, tuning: { ...own, lr: '0.1,0.2' } });
  expect((await page.failed(2)).why).toContain('2 learning rates do not fit 3 matrices.');
});
