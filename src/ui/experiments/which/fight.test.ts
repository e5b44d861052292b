import { describe, expect, it } from 'vitest';
import { settingsLink } from '../../../experiment/link/link.ts';
import { cellOf, readMapView, rowOf } from '../../../experiment/methods/which/map.ts';
import { number } from '../../../experiment/numbers.ts';
import { change, defaults } from '../../../experiment/settings/experiment.ts';
import type { Experiment } from '../../../experiment/settings/params.ts';
import { type Fights, NO_FIGHTS, updateFights } from '../../../state/run/run.ts';
import { byBest, type ContestLine, contestLines, type Entrant, missingRuns, runsToGo, SEEDS } from './contest.ts';
import { fightSentence } from './fair-fight.tsx';
import { atRate, fighter, rowFighters, rowSizes, sizeSentence } from './fight.ts';
import { briefOf } from './updates.ts';

const view = readMapView('low-rank,lora,8');
const floors = rowOf('low-rank', view);
const entrants = rowFighters(view, defaults(), 0.015, floors);

type ErrorOf = (key: string, at: number, seed: number) => number;

/** Every run ends with the error that `error` gives for its entrant, place and seed. */
function ended(all: readonly Entrant[], error: ErrorOf): Fights {
  const ends = all.flatMap(({ key, points }) =>
    points.flatMap(({ at, runs }) =>
      runs.map((experiment) => ({ experiment, error: error(key, at, experiment.seed) })),
    ),
  );
  return ends.reduce((now, end) => updateFights(now, { type: 'fights', end }), NO_FIGHTS);
}

const fought = (error: ErrorOf): readonly ContestLine[] => contestLines(entrants, ended(entrants, error));

const at = atRate(0.015);

describe('the runs of a fair fight', () => {
  it('are those of each adapter at nine rates and that of the lab over five seeds, which differ in nothing else', () => {
    for (const { points } of entrants) {
      expect(points.map((point) => point.at)).toEqual([0.0003, 0.001, 0.003, 0.01, 0.015, 0.03, 0.1, 0.3, 1, 3]);
      for (const point of points) {
        expect(point.runs.map(({ lr }) => lr)).toEqual(Array(SEEDS).fill(point.at));
        expect(point.runs.map(({ seed }) => seed)).toEqual([1, 2, 3, 4, 5]);
      }
      const runs = points.flatMap((point) => point.runs);
      expect(new Set(runs.map((e) => settingsLink({ ...e, lr: 0.1, seed: 1 }))).size).toBe(1);
    }
  });

  it('wait until they end, seed by seed, and are never asked for twice', () => {
    const runs = missingRuns(entrants, NO_FIGHTS);
    expect(runs.map(({ seed }) => seed)).toEqual(runs.map(({ seed }) => seed).sort());
    const asked = updateFights(NO_FIGHTS, { type: 'fights', waiting: runs });
    expect(asked.waiting).toHaveLength(runs.length);
    const one = updateFights(asked, { type: 'fights', end: { experiment: runs[0], error: 0.5 } });
    expect(one.waiting).toEqual(runs.slice(1));
    expect(updateFights(one, { type: 'fights', waiting: runs }).waiting).toEqual(runs.slice(1));
    expect(missingRuns(entrants, one)).toHaveLength(runs.length - 1);
    // A floor that is found meanwhile makes the runs again.
    expect(runsToGo(missingRuns(rowFighters(view, defaults(), 0.015, {}), one), one)).toBe(runs.length - 1);
    expect(updateFights(one, { type: 'fights', waiting: [] }).ends).toEqual(one.ends);
  });

  it('have the median and the range of their seeds; a diverged seed is the worst, three make the median diverge', () => {
    const error = (most: number) => (_: string, rate: number, seed: number) =>
      rate > 0.1 && seed <= most ? Number.POSITIVE_INFINITY : seed / 10;
    for (const { points, best } of fought(error(3))) {
      expect(best).toMatchObject({ end: { median: 0.3, low: 0.1, high: 0.5, seeds: 5 } });
      expect(points.at(-1)?.end).toMatchObject({ low: 0.4, median: Number.POSITIVE_INFINITY });
    }
    for (const { points } of fought(error(2)))
      expect(points.at(-1)?.end).toMatchObject({ low: 0.3, median: 0.5, high: Number.POSITIVE_INFINITY });
  });

  it('that failed are not known', () => {
    const [{ points }] = entrants;
    const experiment = points[0].runs[0];
    const failed = updateFights(NO_FIGHTS, { type: 'fights', end: { experiment, error: null } });
    expect(contestLines(entrants, failed)[0].points[0].end).toBeNull();
    expect(missingRuns(entrants, failed)).not.toContain(experiment);
  });

  it('of two settings of the lab keep all but rate and seed', () => {
    const sgd = change(defaults(), { opt: 'sgd', rank: 3, seed: 7 });
    const { own, points } = fighter({
      ...{ key: 'live', label: 'SGD', experiment: sgd, rate: 0.2, floor: null, isFound: false },
    });
    expect(own).toBe(0.2);
    expect(points.map((point) => point.at)).toContain(0.2);
    expect(points[0].runs[4]).toEqual({ ...sgd, lr: 0.0003, seed: 11 } satisfies Experiment);
  });
});

describe('the sentence of a fair fight', () => {
  it('names the pair that the rate of the lab turns round, and what falls most', () => {
    const lines = fought((key, rate) => (key !== 'b-only' ? 0.7 : rate === 0.015 ? 0.96 : 0.02));
    expect(fightSentence(lines, at)).toBe(
      'At rate 0.015 B only looks worse than LoRA (0.960, 0.700). Each at its best: 0.020, 0.700. B only falls most, from 0.960 to 0.020.',
    );
    expect(byBest(lines)[0].key).toBe('b-only');
  });

  it('says what changes places, what ties, and what falls: row scaling under Adam', () => {
    const ends: Readonly<Record<string, readonly [number, number]>> = {
      hira: [0.006, 0.001],
      ia3: [0.033, 0],
      dora: [0.188, 0.001],
    };
    const lines = fought((key, rate, seed) => {
      const [asSet, best] = ends[key] ?? [0.8, 0.8];
      // DoRA's seeds end between 0.136 and 0.225.
      const spread = key === 'dora' && rate === 0.015 ? [-0.052, -0.02, 0, 0.02, 0.037][seed - 1] : 0;
      return rate === 0.015 ? asSet + spread : rate === 0.1 ? best : 0.9;
    });
    expect(fightSentence(lines, at)).toBe(
      'At rate 0.015 IA³ looks worse than HiRA (0.033, 0.006). Each at its best: 0, 0.001. At rate 0.015 DoRA looks worse than HiRA (0.188, 0.006); each at its best rate they tie (0.001, 0.001). DoRA falls most, from 0.188 to 0.001.',
    );
  });

  it('two whose seeds overlap tie, whatever their medians', () => {
    const lines = fought((key, rate, seed) =>
      key === 'lora' ? 0.7 + seed / 100 : key === 'b-only' ? (rate === 0.015 ? 0.9 : 0.69 + seed / 100) : 0.95,
    );
    expect(fightSentence(lines, at)).toContain(
      'B only looks worse than LoRA (0.900, 0.730); each at its best rate they tie (0.720, 0.730).',
    );
  });

  it('a tie may open', () => {
    const lines = fought((key, rate) => (key === 'lora' && rate === 0.1 ? 0.2 : 0.7)).slice(0, 2);
    expect(fightSentence(lines, at)).toBe(
      'At rate 0.015 HiRA and LoRA tie (0.700, 0.700); each at its best rate HiRA leaves more (0.700, 0.200). LoRA falls most, from 0.700 to 0.200.',
    );
  });

  it('a run that diverged at the rate of the lab is worse than any', () => {
    const lines = fought((key, rate) => (key === 'lora' ? 0.7 : rate === 0.015 ? Number.POSITIVE_INFINITY : 0.02));
    expect(fightSentence(lines, at)).toContain('(diverged, 0.700)');
  });

  it('the rate does not decide only where nothing turns and nothing falls', () => {
    const flat = fought((key) => (key === 'lora' ? 0.7 : 0.8));
    expect(fightSentence(flat, at)).toBe(
      'At rate 0.015 all stand in the same order as each at its best rate, and none falls: here the rate does not decide.',
    );
    const falls = fought((key, rate) => (key === 'lora' ? 0.7 : rate === 0.015 ? 0.9 : 0.8));
    expect(fightSentence(falls, at)).toMatch(
      /^At rate 0\.015 all stand in the same order .*rate\. \S+ falls most, from 0\.900 to 0\.800\.$/,
    );
  });

  it('the order of medians that change places within their seeds is that of the seeds', () => {
    const lines = fought((key, rate, seed) =>
      key === 'lora' ? 0.7 + seed / 100 : key === 'b-only' ? (rate === 0.015 ? 0.71 : 0.69) + seed / 100 : 0.95,
    );
    expect(fightSentence(lines, at)).toContain(
      'each at its best rate, up to the spread of their seeds, and none falls',
    );
  });

  it('the best rate is the smallest of those whose errors print the same', () => {
    const [lora] = fought((_, rate) => (rate === 0.3 ? 0.7341 : rate === 0.03 || rate === 0.1 ? 0.7344 : 0.8));
    expect(lora.best?.at).toBe(0.03);
  });
});

describe('one’s own update', () => {
  const own = change(defaults(), { target: 'rotation', d: 16, k: 16, seed: 7, quant: 'nf4' });
  const row = readMapView('own,lora,8');

  it('is one matrix: its runs have the seed of its floors', () => {
    const seeds = (all: readonly Entrant[]) =>
      new Set(all.flatMap(({ points }) => points.flatMap(({ runs }) => runs.map(({ seed }) => seed))));
    expect(seeds(rowFighters(row, own, 0.015, {}))).toEqual(new Set([7]));
    expect(seeds(rowSizes(row, own, () => ({})))).toEqual(new Set([7]));
  });

  it('says that a quantised base is left out, as its runs do', () => {
    expect(own.quant).toBe('nf4');
    expect(briefOf(own)).toBe('the lab’s: rotation, 16 × 16, in full precision');
    for (const { points } of rowFighters(row, own, 0.015, {}))
      for (const { runs } of points) for (const run of runs) expect(run.quant).toBe('none');
    expect(briefOf(change(own, { quant: 'none' }))).toBe('the lab’s: rotation, 16 × 16');
  });
});

describe('sizes on one axis', () => {
  const rotation = readMapView('rotation,lora,8,sizes');
  const sizes = rowSizes(rotation, defaults(), (rank) => rowOf('rotation', { ...rotation, rank }));
  const of = (name: string) => sizes.find(({ key }) => key === name);

  it('are the trained parameters of the runs, ascending, each with its own floor', () => {
    expect(of('lora')?.points.map((point) => point.at)).toEqual([128, 256, 512, 1024, 2048]);
    expect(of('ia3')?.points.map((point) => point.at)).toEqual([64]);
    for (const { key, points, floors: known } of sizes) {
      expect(
        points.map((point) => point.at),
        key,
      ).toEqual([...known.keys()]);
      for (const { runs } of points)
        expect(runs.map(({ lr, seed }) => [lr, seed])).toEqual([1, 2, 3, 4, 5].map((n) => [null, n]));
    }
    expect(of('oft')?.floors.get(992)).toBe(cellOf('rotation', 'oft', rotation));
  });

  it('are said by rule, from floors', () => {
    expect(sizeSentence(sizes, 'lora', 1024)).toBe(
      `With 1,024 parameters OFT can leave 0. LoRA leaves 0.73, and with 2,048 still ${number(cellOf('rotation', 'lora', { rank: 16, places: false }), 2)}.`,
    );
    const low = rowSizes(view, defaults(), (rank) => rowOf('low-rank', { ...view, rank }));
    expect(sizeSentence(low, 'shira', 1024)).toMatch(/^With 1,024 parameters LoRA can leave 0\.\d+\. SHiRA leaves/);
    // The chosen one is the best: the next one is said beside it.
    expect(sizeSentence(low, 'lora', 1024)).toMatch(
      /^With 1,024 parameters LoRA can leave 0\.\d+\. DoRA (leaves|comes)/,
    );
  });

  it('wait for the first floor', () => {
    expect(
      sizeSentence(
        rowSizes(rotation, defaults(), () => ({})),
        'lora',
        1024,
      ),
    ).toBeNull();
  });
});
