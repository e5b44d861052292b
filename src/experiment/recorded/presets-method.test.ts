import { describe, it } from 'vitest';
import { svd } from '../../math/factor/svd.ts';
import { along } from '../../math/spectral/subspaces.ts';
import { parseLink } from '../link/link.ts';
import { ADAPTERS, type AdapterName } from '../methods/which/adapters.ts';
import { KINDS } from '../methods/which/kinds.ts';
import { cellOf } from '../methods/which/map.ts';
import { measuredRow } from '../methods/which/measured.ts';
import { compared } from '../prediction/testing/measure.ts';
import { presets } from '../presets.ts';
import type { Experiment } from '../settings/params.ts';
import { type SmallLine, smallMatrix } from './small-picture.ts';
import { checkOverSeeds } from './testing/check-over-seeds.ts';
import { curve, trainPreset } from './testing/preset-run.ts';

/** uᵢᵀ·ΔW·vᵢ/σᵢ for the first `count` triplets of ΔW*: a list over the steps for each. */
async function directions(preset: string, changes: Partial<Experiment>, count: number): Promise<readonly number[][]> {
  const steps = changes.steps ?? 0;
  const observe = Array.from({ length: steps + 1 }, (_, step) => step);
  const { module, observed, scaling } = await trainPreset(preset, changes, { observe });
  const { U, S, V } = svd(module.wanted.matrix);
  const { d, k, rank } = module;
  const sizes = observed.map(({ factors: [{ A, B }] }) =>
    along({ U, V }, count, { rows: d, cols: rank, data: B }, { rows: rank, cols: k, data: A }, scaling),
  );
  return Array.from({ length: count }, (_, i) => sizes.map((one) => one[i] / S[i]));
}

/** The scale of the map. */
const MAP = { rank: 8, places: false } as const;

const arrivals = (shares: readonly number[][]) => shares.map((share) => share.findIndex((value) => value >= 0.9));

const rises = (steps: readonly number[]) => steps.every((step, i) => step > 0 && (i === 0 || step > steps[i - 1]));

describe('other optimisers and adapters', () => {
  it('which-adapter: six kinds of update have an adapter each, noise has none', async () => {
    const isExact = (name: AdapterName) => name !== 'hira' && name !== 'dora';
    const least = (kind: (typeof KINDS)[number], names: readonly AdapterName[], seed: number) =>
      Math.min(...Object.values(measuredRow(kind, 8, seed, names)));
    const measure = async (seed: number) => {
      const solved = KINDS.filter(({ madeFor }) => madeFor.length > 0);
      const names = ({ madeFor }: (typeof KINDS)[number]) =>
        madeFor.some(isExact) ? madeFor.filter(isExact) : madeFor;
      const most = Math.max(...solved.map((kind) => least(kind, names(kind), seed)));
      // A search never finds an entry of noise: those of HiRA and DoRA are far above.
      const [noise] = KINDS.filter(({ name }) => name === 'noise');
      const left = least(noise, ADAPTERS.filter(isExact), seed);
      return {
        figures: { 'most that one made for its kind leaves': most, 'least left of noise': left },
        holds: most < 0.05 && Math.abs(left - 0.53) < 0.01,
      };
    };
    await checkOverSeeds('which-adapter', measure, async () => {
      const errors = KINDS.flatMap(({ name }) => ADAPTERS.map((adapter) => 1 - cellOf(name, adapter, MAP)));
      const matrix = smallMatrix(errors, KINDS.length, ADAPTERS.length, [-1, 1], 'dw');
      return { kind: 'matrices', items: [{ ...matrix, label: 'updates × adapters' }] };
    });
  });

  it('foretold: SGD lands on the dashes, exactly from the aligned start', async () => {
    const { experiment } = parseLink(presets.byName('foretold').link);
    const at = (changes: Partial<Experiment>) => compared({ ...experiment, ...changes }, experiment.steps);
    const measure = async (seed: number) => {
      const [aligned, rows] = [await at({ seed }), await at({ seed, init: 'orthonormal' })];
      return {
        figures: {
          'farthest from orthonormal rows': rows.distance,
          'steps to 90% of the largest direction': aligned.prediction.arrivals[0] ?? Number.NaN,
          'of the smallest': aligned.prediction.arrivals[3] ?? Number.NaN,
        },
        holds: aligned.distance < 1e-6 && rows.distance < 0.07,
      };
    };
    await checkOverSeeds('foretold', measure, async () => {
      const { prediction } = await at({});
      const run = await trainPreset('foretold');
      return {
        kind: 'lines',
        axis: `error, ${experiment.steps} steps`,
        high: 1.1,
        lines: [
          { label: 'trained', look: 'dw', points: curve(run.errors) },
          {
            label: 'predicted',
            look: 'ink',
            points: prediction.steps.flatMap((step, i) =>
              step % 3 === 0 ? [[step, prediction.error[i]] as const] : [],
            ),
          },
        ],
      };
    });
  });

  it('muon-order: SGD learns the largest direction first, Muon’s exact step the smallest', async () => {
    const at = (seed: number, opt: Experiment['opt']) => directions('muon-order', { seed, opt, steps: 60 }, 4);
    const measure = async (seed: number) => {
      const [sgd, polar] = [arrivals(await at(seed, 'sgd')), arrivals(await at(seed, 'polar'))];
      return {
        figures: {
          'SGD, steps to 90% of the largest': sgd[0],
          'of the smallest': sgd[3],
          'Muon’s exact step, of the largest': polar[0],
          'of the smallest there': polar[3],
        },
        holds: rises(sgd) && rises([...polar].reverse()),
      };
    };
    await checkOverSeeds('muon-order', measure, async () => {
      const shares = await at(1, 'polar');
      const looks: readonly SmallLine['look'][] = ['dw', 'a', 'b', 'ink-3'];
      return {
        kind: 'lines',
        axis: 'share of each direction, 60 steps',
        high: 1.1,
        lines: shares.map((share, i) => ({ label: `σ${'₁₂₃₄'[i]}`, look: looks[i], points: curve(share) })),
      };
    });
  });

  it('any-start: the loss of ScaledGD never rises, and it is at the floor after 100 steps from four starts', async () => {
    const starts = ['both-random', 'symmetric', 'kaiming-uniform', 'gaussian'] as const;
    const measure = async (seed: number) => {
      const runs = await Promise.all(starts.map((init) => trainPreset('any-start', { seed, init })));
      const above = runs.map(({ error, floors, experiment }) => error / floors[experiment.rank] - 1);
      const rising = runs.map(({ errors }) => errors.findIndex((error, i) => error > errors[i - 1] * (1 + 1e-6)));
      const sgd = await trainPreset('any-start', { seed, opt: 'sgd' });
      const left = sgd.error / sgd.floors[sgd.experiment.rank];
      return {
        figures: { 'most above the floor, of four starts': Math.max(...above), 'SGD, times the floor': left },
        holds: Math.max(...above) < 1e-3 && rising.every((at) => at < 0) && left > 1.02,
      };
    };
    const lineOf = async (changes: Partial<Experiment>, label: string, look: SmallLine['look']) => ({
      ...{ label, look },
      points: curve((await trainPreset('any-start', changes)).errors),
    });
    await checkOverSeeds('any-start', measure, async () => ({
      kind: 'lines',
      axis: 'error, 100 steps',
      high: 1.5,
      lines: [
        await lineOf({}, 'both random', 'dw'),
        await lineOf({ init: 'kaiming-uniform' }, 'Kaiming', 'a'),
        await lineOf({ opt: 'sgd' }, 'SGD', 'ink-3'),
      ],
    }));
  });

  const pair =
    (preset: string, own: readonly [Partial<Experiment>, string], other: readonly [Partial<Experiment>, string]) =>
    async () => ({
      kind: 'lines' as const,
      axis: `error, ${parseLink(presets.byName(preset).link).experiment.steps} steps`,
      high: 1.1,
      lines: [
        { label: own[1], look: 'dw' as const, points: curve((await trainPreset(preset, own[0])).errors) },
        { label: other[1], look: 'ink-3' as const, points: curve((await trainPreset(preset, other[0])).errors) },
      ],
    });
  const LORA = { method: 'lora', rank: 8, alpha: 16 } as const;

  it('out-of-reach: OFT writes the rotation, LoRA stays at its floor', async () => {
    const measure = async (seed: number) => {
      const oft = await trainPreset('out-of-reach', { seed });
      const lora = await trainPreset('out-of-reach', { seed, ...LORA });
      return {
        figures: { 'error of OFT': oft.error, 'of LoRA': lora.error },
        holds: oft.error < 0.05 && Math.abs(lora.error - 0.73) < 0.02 && lora.error / lora.floors[8] < 1.003,
      };
    };
    await checkOverSeeds('out-of-reach', measure, pair('out-of-reach', [{}, 'OFT'], [LORA, 'LoRA']));
  });

  it('sparse-noise: chosen entries beat LoRA on an update without structure', async () => {
    const measure = async (seed: number) => {
      const shira = await trainPreset('sparse-noise', { seed });
      const lora = await trainPreset('sparse-noise', { seed, ...LORA });
      const eight = 1 - lora.floors[8] ** 2;
      return {
        figures: { 'error of SHiRA': shira.error, 'of LoRA': lora.error, 'energy of eight directions': eight },
        holds:
          Math.abs(shira.error - 0.53) < 0.015 && Math.abs(lora.error - 0.79) < 0.015 && Math.abs(eight - 0.37) < 0.02,
      };
    };
    await checkOverSeeds('sparse-noise', measure, pair('sparse-noise', [{}, 'SHiRA'], [LORA, 'LoRA']));
  });

  it('detached-norm: with Adam the detached norm leaves more than three times the error', async () => {
    const measure = async (seed: number) => {
      const detached = await trainPreset('detached-norm', { seed });
      const exact = await trainPreset('detached-norm', { seed, norm: 'exact' });
      return {
        figures: { 'error, norm detached': detached.error, exact: exact.error },
        holds: detached.error > 3 * exact.error,
      };
    };
    await checkOverSeeds(
      'detached-norm',
      measure,
      pair('detached-norm', [{}, 'detached'], [{ norm: 'exact' }, 'exact']),
    );
  });

  it('quantised-start: LoftQ starts nearer to W₀ and ends at the floor of the same Q', async () => {
    const start = 'quantised-start';
    const measure = async (seed: number) => {
      const loftq = await trainPreset(start, { seed });
      const zero = await trainPreset(start, { seed, init: 'kaiming-uniform' });
      const qpissa = await trainPreset(start, { seed, init: 'qpissa' });
      const plain = await trainPreset(start, { seed, quant: 'none', init: 'kaiming-uniform' });
      const along = { seed, align: 1, truerank: 4 };
      const [nf4, moved] = await Promise.all([
        trainPreset(start, { ...along, init: 'kaiming-uniform' }),
        trainPreset(start, { ...along, init: 'qpissa' }),
      ]);
      const near = (of: typeof loftq) => of.module.quantised?.start ?? Number.NaN;
      const floor = loftq.ownFloor();
      return {
        figures: {
          'LoftQ starts off W₀ by': near(loftq),
          'NF4 alone by': near(zero),
          'LoftQ ends at': loftq.error,
          'NF4 from B = 0 at': zero.error,
          'QPiSSA at': qpissa.error,
          'full precision at': plain.error,
          'ΔW* along W₀: NF4 at': nf4.error,
          'QPiSSA there': moved.error,
        },
        holds:
          near(loftq) < 0.073 &&
          Math.abs(near(zero) - 0.0915) < 0.0015 &&
          [loftq, zero].every(({ error }) => error / floor > 0.9999 && error / floor < 1.003) &&
          Math.abs(loftq.error - 0.23) < 0.012 &&
          Math.abs(qpissa.error - 0.86) < 0.015 &&
          Math.abs(plain.error - 0.044) < 0.001 &&
          Math.abs(nf4.error - 0.305) < 0.012 &&
          Math.abs(moved.error - 0.26) < 0.012,
      };
    };
    const lineOf = async (label: string, changes: Partial<Experiment>, look: SmallLine['look']) => ({
      ...{ label, look },
      points: curve((await trainPreset(start, changes)).errors),
    });
    await checkOverSeeds(start, measure, async () => ({
      kind: 'lines',
      axis: 'error, 300 steps',
      high: 1.1,
      lines: [
        await lineOf('LoftQ', {}, 'dw'),
        await lineOf('QPiSSA', { init: 'qpissa' }, 'a'),
        await lineOf('W₀ as it is', { quant: 'none', init: 'kaiming-uniform' }, 'ink-3'),
      ],
    }));
  });

  it('signs-never-rest: the error ends as high as a step is long', async () => {
    const measure = async (seed: number) => {
      const signs = await trainPreset('signs-never-rest', { seed });
      const slow = await trainPreset('signs-never-rest', { seed, steps: 1200 }, { factor: 0.25 });
      const { error } = await trainPreset('signs-never-rest', { seed, opt: 'sgd' });
      return {
        figures: { 'error of signSGD': signs.error, 'at a quarter of the rate': slow.error, 'of SGD': error },
        holds:
          Math.abs(signs.error / 0.043 - 1) < 0.1 &&
          Math.abs((4 * slow.error) / signs.error - 1) < 0.35 &&
          error < 1e-6,
      };
    };
    await checkOverSeeds('signs-never-rest', measure, async () => ({
      kind: 'lines',
      axis: 'error, 300 steps',
      high: 1.1,
      lines: await Promise.all(
        (['signsgd', 'sgd'] as const).map(async (opt) => ({
          label: opt === 'sgd' ? 'SGD' : 'signSGD',
          look: opt === 'sgd' ? ('ink-3' as const) : ('dw' as const),
          points: curve((await trainPreset('signs-never-rest', { opt })).errors),
        })),
      ),
    }));
  });
});
