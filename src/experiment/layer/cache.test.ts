import { beforeEach, expect, it, vi } from 'vitest';
import * as floors from '../regression/floors.ts';
import * as loss from '../regression/loss.ts';
import { defaults } from '../settings/experiment.ts';
import type { Experiment } from '../settings/params.ts';
import { layerCache } from './problem.ts';
import { type OneModule, prepareModule } from './testing/one-module.ts';

// What the set-up of all tests has imported is imported again, with what is replaced here.
vi.hoisted(() => {
  vi.resetModules();
});
vi.mock('../regression/floors.ts', { spy: true });
vi.mock('../regression/loss.ts', { spy: true });
beforeEach(() => {
  vi.clearAllMocks();
});

function layersOf() {
  const cache = layerCache();
  const told: string[] = [];
  const next = (changes: Partial<Experiment>): OneModule => {
    const small = { target: 'regression', d: 9, k: 7, rank: 2, truerank: 3, samples: 20 } as const;
    const progress = (stage: string) => told.push(stage);
    const layer = prepareModule({ ...defaults(), ...small, ...changes }, null, { cache, progress });
    if ('why' in layer) throw new Error(layer.why);
    return layer;
  };
  return { next, told };
}

const counts = () => ({
  spaces: vi.mocked(floors.rowSpace).mock.calls.length,
  training: vi.mocked(floors.trainingFloors).mock.calls.length,
  heldOut: vi.mocked(floors.heldOutFloors).mock.calls.length,
  // Two sets each time.
  labels: vi.mocked(loss.residualLabels).mock.calls.length,
});

it('floors and residual labels are made once for all ranks and starts that leave W₀ alone', () => {
  const { next } = layersOf();
  const first = next({ rank: 2 });
  for (const changes of [{ rank: 3 }, { init: 'gaussian' }, { init: 'mica', rank: 4 }, { alpha: 3, batch: 5 }] as const)
    expect(next(changes).data?.residuals, JSON.stringify(changes)).toBe(first.data?.residuals);
  expect(counts()).toEqual({ spaces: 1, training: 1, heldOut: 1, labels: 2 });
  expect(next({ rank: 5 }).data?.floors.training).toBe(first.data?.floorsByRank.training[5]);
});

it('an initialisation that moves a part of W₀ has its own, on the same row space', () => {
  const { next } = layersOf();
  const [left, moved] = [next({}), next({ init: 'pissa' })];
  expect(counts()).toEqual({ spaces: 1, training: 2, heldOut: 2, labels: 4 });
  expect(moved.data?.residuals.training).not.toEqual(left.data?.residuals.training);
  expect(next({ rank: 3 }).data?.residuals).toBe(left.data?.residuals);
});

it('another W₀ has other labels', () => {
  const { next } = layersOf();
  const [one, other] = [next({ base: 'gaussian' }), next({ base: 'decay' })];
  const fresh = layersOf().next({ base: 'decay' });
  expect(other.data?.Y).toEqual(fresh.data?.Y);
  expect(other.data?.heldOut.Y).toEqual(fresh.data?.heldOut.Y);
  expect(other.data?.X).toEqual(one.data?.X);
  expect(other.data?.Y).not.toEqual(one.data?.Y);
  expect(next({ base: 'gaussian' }).data?.Y).toEqual(one.data?.Y);
});

it('other samples, noise or inputs have others', () => {
  const { next } = layersOf();
  next({});
  for (const changes of [{ samples: 21 }, { samples: 21, labelnoise: 0.5 }, { condition: 3 }, { seed: 9 }])
    next(changes);
  expect(counts()).toEqual({ spaces: 5, training: 5, heldOut: 5, labels: 10 });
  expect(next({ samples: 5 }).target).toBe(next({}).target);
});

it('tells what it is at, residual labels and floors too', () => {
  const { next, told } = layersOf();
  next({ init: 'pissa' });
  for (const stage of ['samples', 'labels', 'the inputs', 'residual labels', 'floors of the losses'])
    expect(told).toContain(stage);
});
