import { expect, it } from 'vitest';
import { explainEffectiveRank } from '../explanations.ts';
import { galleryRun, sceneOf } from '../testing/gallery-run.ts';
import { effectiveRank } from './effective-rank.ts';

const scene = sceneOf(galleryRun(), 60);
const KINDS = ['entropy', 'entropy-squared', 'participation', 'stable'] as const;

function sharesOf(spectrum: readonly number[], definition: (typeof KINDS)[number]) {
  const { shares } = explainEffectiveRank({ ...scene, spectrum: Float64Array.from(spectrum), definition });
  if (!shares) throw new Error('no shares');
  return shares;
}

it.each(KINDS)('its small figure shows shares that add up to 1, and how many equal ones count as much: %s', (kind) => {
  expect(sharesOf([2, 2, 2, 2], kind)).toMatchObject({ values: [0.25, 0.25, 0.25, 0.25] });
  expect(sharesOf([2, 2, 2, 2], kind).equal).toBeCloseTo(4, 12);
  expect(sharesOf([3, 0, 0], kind)).toMatchObject({ values: [1, 0, 0], equal: 1 });
  const { values, equal } = sharesOf([4, 2, 1], kind);
  expect(values.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
  expect(equal).toBeGreaterThan(1);
  expect(equal).toBeLessThan(3);
});

it('has no figure of ΔW = 0, nor before there is a spectrum', () => {
  expect(sharesOf([0, 0], 'entropy')).toMatchObject({ values: [0, 0], equal: 0 });
  expect(explainEffectiveRank({ ...scene, spectrum: null }).shares).toBeUndefined();
});

it('says of a pin whose ΔW may have twice as many directions that they are up to 2r', () => {
  const pin = { id: 1, directions: scene.rank, ownFloor: null, diverged: false };
  const other = {
    name: 'PiSSA',
    rank: scene.rank,
    curves: scene.curves,
    sampled: scene.sampled,
    losses: null,
    pale: true,
  };
  const described = (directions: number) =>
    effectiveRank.describe({ ...scene, others: [{ ...other, pin: { ...pin, directions } }] });
  expect(described(2 * scene.rank)).toMatch(/PiSSA.*[\d.]+, up to 2r/);
  expect(described(scene.rank)).not.toContain('2r');
});
