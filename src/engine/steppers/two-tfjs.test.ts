import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import type { Experiment } from '../../experiment/settings/params.ts';
import type { Backend } from '../backends/backend.ts';
import { typescriptBackend } from '../backends/own-backends.ts';
import { steppers } from '../testing/back-ends.ts';
import { TestPage } from '../testing/page.ts';

const MAX = Number.POSITIVE_INFINITY;
const ONE = { d: 33, k: 20, rank: 5, steps: 60 } as const;
const OTHER = { d: 18, k: 41, rank: 3, opt: 'momentum', steps: 70, seed: 4 } as const;

const named = (name: string) => steppers.find((one) => one.name === name) ?? expect.unreachable(name);

/** TensorFlow.js has one active back end for all: the processor for one rank, WebAssembly for the other. */
const both: Backend = {
  ...typescriptBackend,
  open: (start) => named(start.modules[0].rank === ONE.rank ? 'tfjs-cpu' : 'tfjs-wasm').listed(start),
};

async function train(page: TestPage, run: number, { steps }: Partial<Experiment> & { readonly steps: number }) {
  await page.done(page.pace(run, MAX, steps));
  const last = page.all('frame', run).at(-1)?.modules[0];
  return { loss: page.trace(run, 'loss'), A: last?.A, B: last?.B };
}

async function alone(experiment: Partial<Experiment> & { readonly steps: number }) {
  const page = new TestPage(both);
  page.run(1, experiment);
  return train(page, 1, experiment);
}

// In the page they have begun before a run is opened.
beforeAll(async () => {
  for (const name of ['wasm', 'cpu']) await setBackend(name);
});

it('two sessions on two back ends of TensorFlow.js get, bit for bit, what each gets alone', async () => {
  const page = new TestPage(both);
  page.run(1, ONE);
  page.run(2, OTHER, { session: 1 });
  await Promise.all([page.ready(1), page.ready(2)]);
  const together = await Promise.all([train(page, 1, ONE), train(page, 2, OTHER)]);
  expect(together[0].loss).toHaveLength(61);
  expect(together).toEqual([await alone(ONE), await alone(OTHER)]);
});
