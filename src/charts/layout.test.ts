import { describe, expect, it } from 'vitest';
import type { Size } from '../kit/chart/chart.ts';
import type { Mark } from '../kit/chart/marks.ts';
import { partOf } from '../math/testing/part-of.ts';
import type { Scene, Seeds } from './chart.ts';
import { effectiveRankPicture } from './effective-rank/effective-rank.ts';
import { foretoldErrorPicture } from './error/foretold-error.ts';
import { errorPicture } from './error/picture.ts';
import { timelinePicture } from './error/timeline.ts';
import { gradientsPicture } from './gradients/gradients.ts';
import { lossesPicture } from './losses/losses.ts';
import { directionsPicture } from './spectrum/directions.ts';
import { spectrumPicture } from './spectrum/spectrum.ts';
import type { StepCurve } from './sweep/marks.ts';
import { madeUpScene, withSampleLosses } from './testing/made-up-scene.ts';
import { textFaults } from './testing/text-faults.ts';

const PICTURES = {
  spectrum: spectrumPicture,
  gradients: gradientsPicture,
  error: errorPicture,
  effectiveRank: effectiveRankPicture,
  losses: lossesPicture,
  timeline: timelinePicture,
  directions: directionsPicture,
  foretoldError: foretoldErrorPicture,
};

/** Labels required in every state with data. */
const MUST: Readonly<Record<keyof typeof PICTURES, readonly string[]>> = {
  spectrum: ['update label'],
  gradients: ['label a', 'label b'],
  error: ['run label'],
  effectiveRank: ['wanted label', 'cap label', 'head label'],
  losses: ['training label', 'held-out label'],
  timeline: ['error label'],
  directions: [],
  foretoldError: ['error label'],
};

const RANKS = Array.from({ length: 64 }, (_, i) => i + 1);
const SIZES: readonly Size[] = [
  { width: 288, height: 140, font: 13, short: true },
  { width: 358, height: 160, font: 13, short: true },
  { width: 374, height: 232, font: 13, short: true },
  { width: 490, height: 110, font: 13, short: false },
  { width: 550, height: 176, font: 13, short: false },
  { width: 670, height: 240, font: 13, short: false },
  { width: 868, height: 300, font: 22, short: false },
];

function faults(scene: Scene, size: Size): string[] {
  const found: string[] = [];
  for (const [name, picture] of Object.entries(PICTURES)) {
    const place = name === 'timeline' ? { ...size, height: size.font > 18 ? 92 : 46 } : size;
    const where = `${name} ${place.width} × ${place.height}, ${scene.d} × ${scene.k}, r = ${scene.rank}, step ${scene.step}`;
    const marks = picture(scene, place);
    const texts = marks.filter((mark) => mark.tag === 'text');
    const must = name === 'losses' && !scene.samples ? [] : MUST[name as keyof typeof PICTURES];
    if (name === 'losses' && scene.samples)
      for (const floor of ['held-out', 'training'])
        if (
          !texts.some(({ text }) => text?.includes('floor') && text.includes(floor)) &&
          !texts.some(({ text }) => text === floor)
        )
          found.push(`${where}: no ${floor} floor`);
    const drawn = (key: string) =>
      name !== 'gradients' ||
      !scene.compared ||
      scene.compared === 'both' ||
      key === `label ${scene.compared.toLowerCase()}`;
    for (const key of must.filter(drawn))
      if (!texts.some((mark) => mark.key === key)) found.push(`${where}: no ${key}`);
    found.push(...textFaults(marks, place, must, scene.others.length > 1).map((fault) => `${where}: ${fault}`));
  }
  return found;
}

/** With its other runs pinned under realistic names, one of them with a separate floor. */
function withPins(scene: Scene, compared: Scene['compared']): Scene {
  const others = scene.others.map((other, id) => {
    const ownFloor = id === 1 ? { value: 0.84, of: 'PiSSA' } : null;
    const name = ['r = 2', 'PiSSA', 'Gaussian, rate 0.5 + 1 more', 'the one that I liked best of all of them'][id];
    return { ...other, name, pin: { id, directions: other.rank, ownFloor, diverged: false } };
  });
  return { ...scene, others, compared, raised: compared === 'B' ? 1 : null };
}

const check = (scene: Scene, size: Size) => expect(faults(scene, size)).toEqual([]);

describe('no two texts overlap and none leaves the chart', () => {
  for (const size of SIZES) {
    it(`${size.width} × ${size.height}, every rank`, () => {
      for (const rank of partOf(RANKS, 15, SIZES.indexOf(size))) {
        for (const step of [0, 40, 300]) check(madeUpScene({ rank, step }), size);
      }
    });
    it(`${size.width} × ${size.height}, shapes, starts and states`, () => {
      const scenes: (() => Scene)[] = [];
      for (const [d, k] of [
        [1, 1],
        [1, 40],
        [16, 96],
        [1024, 1024],
        [1000, 3],
      ]) {
        for (const rank of [1, 2, 100, 1024].filter((r) => r <= Math.min(d, k)))
          scenes.push(() => madeUpScene({ d, k, rank, step: 120 }));
      }
      for (const zeroAtStart of ['A', 'both', null] as const) {
        for (const step of [0, 1, 2, 150, 299, 300]) scenes.push(() => madeUpScene({ rank: 8, step, zeroAtStart }));
      }
      for (const definition of ['entropy-squared', 'participation', 'stable'] as const)
        scenes.push(() => madeUpScene({ rank: 16, step: 200, definition }));
      for (const step of [0, 30, 200]) {
        scenes.push(() => madeUpScene({ rank: 8, step, newest: 250, others: [24] }));
        scenes.push(() => madeUpScene({ rank: 8, step, newest: 250, others: [2, 4, 16, 32] }));
        for (const compared of ['A', 'B', 'both'] as const)
          scenes.push(() => withPins(madeUpScene({ rank: 8, step, newest: 250, others: [2, 8, 16, 32] }), compared));
        scenes.push(() => madeUpScene({ rank: 8, step, flat: true }));
        scenes.push(() => madeUpScene({ rank: 8, step, growth: 1.2 }));
        const scene = () => madeUpScene({ rank: 8, step });
        scenes.push(() => ({ ...scene(), ownFloor: { by: 'moved', value: scene().target?.floor[16] ?? 0 } }));
        scenes.push(() => ({ ...scene(), ownFloor: { by: 'frozen', value: 0.34 } }));
        const method = (label: string, trained: number) => ({
          label,
          trained,
          place: trained / 128,
          streams: { A: null, B: 'θ' },
        });
        scenes.push(() => ({
          ...scene(),
          method: method('DoRA', 1088),
          ownFloor: { by: 'method', of: 'DoRA', value: null, found: 0.345 },
        }));
        for (const trained of [64, 992, 1028, 8192])
          scenes.push(() => ({
            ...scene(),
            method: method('OFT', trained),
            ownFloor: { by: 'method', of: 'OFT', value: 0.34 },
          }));
      }
      for (const scene of partOf(scenes, 4, SIZES.indexOf(size))) check(scene(), size);
    });
  }
});

describe('the same run over several seeds', () => {
  const curve = (end: number, seed: number): StepCurve => {
    const steps = [0, 10, 40, 100, 200, 300];
    return { steps, values: steps.map((t) => end + (1 + seed / 20) * Math.exp(-t / 30)), diverged: false };
  };
  const over = (n: number) => Array.from({ length: n }, (_, seed) => seed);
  const seedsOf = (n: number): Seeds => ({
    relativeError: over(n).map((seed) => curve(0.2, seed)),
    gradNormA: over(n).map((seed) => ({ ...curve(0.01, seed), values: [0, ...curve(0.01, seed).values.slice(1)] })),
    gradNormB: over(n).map((seed) => curve(0.05, seed)),
    sampled: over(n).map((seed) => ({ steps: [0, 150, 300], spectra: [[0], [1, 0.2], [1, 0.5 + seed / 40]] })),
    training: over(n).map((seed) => curve(0.1, seed)),
    heldOut: over(n).map((seed) => curve(0.6, seed)),
    accuracy: [],
    oldAccuracy: [],
  });
  for (const size of SIZES)
    it(`${size.width} × ${size.height}: labels stay apart`, () => {
      for (const n of [2, 10])
        for (const step of [0, 120, 300]) {
          const scene = withSampleLosses(madeUpScene({ rank: 8, step }), [0.1, 0.6], { training: 0.09, heldOut: 0.3 });
          check({ ...scene, seeds: seedsOf(n) }, size);
        }
    });

  it('has a band and a median with four seeds and more, else single lines', () => {
    const size: Size = { width: 544, height: 176, font: 13, short: false };
    const keys = (n: number) =>
      effectiveRankPicture({ ...madeUpScene({ rank: 8, step: 300 }), seeds: seedsOf(n) }, size).map(({ key }) => key);
    expect(keys(4).filter((key) => key === 'seeds band')).toHaveLength(1);
    expect(keys(3).some((key) => key.includes('band'))).toBe(false);
    expect(keys(3).filter((key) => key.startsWith('seeds seed'))).toHaveLength(3);
  });
});

describe('losses on samples', () => {
  const cases: readonly (readonly [string, readonly [number, number], number, number])[] = [
    ['apart', [0.1, 0.6], 0.09, 0.3],
    ['at their floors', [0.1, 0.101], 0.1, 0.1005],
    ['crossing', [0.2, 0.9], 0.002, 0.2],
    ['without noise', [1e-6, 2e-6], 1e-17, 1e-18],
    ['rising', [0.001, 3], 0.0009, 0.4],
  ];
  for (const size of SIZES) {
    it.each(cases)(`${size.width} × ${size.height}, %s`, (_, ends, training, heldOut) => {
      for (const step of partOf([0, 3, 60, 150, 290, 300], 2, SIZES.indexOf(size))) {
        for (const batch of [4, 48]) {
          const scene = madeUpScene({ rank: 8, step, newest: Math.max(step, 150) });
          check(withSampleLosses(scene, ends, { training, heldOut }, batch), size);
        }
      }
    });
  }
});

it('the columns share their axes', () => {
  const size: Size = { width: 544, height: 176, font: 13, short: false };
  const scene = { ...madeUpScene({ rank: 8, step: 100 }), hover: { axis: 'rank', index: 5 } as const };
  const at = (marks: readonly Mark[], key: string) =>
    String(marks.find((m) => m.key === key)?.attributes.d).match(/M([\d.]+),/)?.[1];
  expect(at(spectrumPicture(scene, size), 'rank')).toBe(at(errorPicture(scene, size), 'rank'));
  expect(at(spectrumPicture(scene, size), 'hover')).toBe(at(errorPicture(scene, size), 'hover'));
  const cursor = at(gradientsPicture(scene, size), 'cursor');
  expect(at(effectiveRankPicture(scene, size), 'cursor')).toBe(cursor);
  const sampled = withSampleLosses(scene, [0.1, 0.2], { training: 0.1, heldOut: 0.1 });
  expect(at(lossesPicture(sampled, size), 'cursor')).toBe(cursor);
  expect(at(timelinePicture(scene, { ...size, height: 46 }), 'cursor')).toBe(cursor);
});
