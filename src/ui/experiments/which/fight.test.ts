import { describe, expect, it } from 'vitest';
import { settingsLink } from '../../../experiment/link/link.ts';
import { firstRowOf, readMapView, rowOf } from '../../../experiment/methods/which/map.ts';
import { defaults } from '../../../experiment/settings/experiment.ts';
import { type Fights, NO_FIGHTS, updateFights } from '../../../state/run/fights.ts';
import { byBest, type FightLine, fightLines, fightSentence, missingFights } from './fight.ts';

const view = readMapView('low-rank,lora,8');
const linesOf = (fights: Fights) => fightLines(view, defaults(), 0.015, fights, firstRowOf('low-rank', view));

/** Every run ends with the error that `error` gives for its adapter and rate. */
function fought(error: (adapter: string, rate: number) => number): readonly FightLine[] {
  const fights = linesOf(NO_FIGHTS).reduce(
    (all, { adapter, points }) =>
      points.reduce(
        (now, { rate, experiment }) =>
          updateFights(now, { type: 'fights', end: { experiment, error: error(adapter, rate) } }),
        all,
      ),
    NO_FIGHTS,
  );
  return linesOf(fights);
}

describe('the runs of a fair fight', () => {
  it('are those of each adapter at nine rates and that of the lab, which differ in nothing else', () => {
    for (const { points } of linesOf(NO_FIGHTS)) {
      expect(points.map(({ rate }) => rate)).toEqual([0.0003, 0.001, 0.003, 0.01, 0.015, 0.03, 0.1, 0.3, 1, 3]);
      expect(points.map(({ experiment }) => experiment.lr)).toEqual(points.map(({ rate }) => rate));
      expect(new Set(points.map(({ experiment }) => settingsLink({ ...experiment, lr: 0.1 }))).size).toBe(1);
    }
  });

  it('wait until they end, and are never asked for twice', () => {
    const runs = missingFights(linesOf(NO_FIGHTS));
    const asked = updateFights(NO_FIGHTS, { type: 'fights', waiting: runs });
    expect(asked.waiting).toHaveLength(runs.length);
    const one = updateFights(asked, { type: 'fights', end: { experiment: runs[0], error: 0.5 } });
    expect(one.waiting).toEqual(runs.slice(1));
    expect(updateFights(one, { type: 'fights', waiting: runs }).waiting).toEqual(runs.slice(1));
    expect(missingFights(linesOf(one))).toHaveLength(runs.length - 1);
    expect(updateFights(one, { type: 'fights', waiting: [] }).ends).toEqual(one.ends);
  });

  it('failed are not known, diverged are the worst', () => {
    const diverging = fought((_, rate) => (rate > 0.1 ? Number.POSITIVE_INFINITY : 1 - rate));
    for (const { best } of diverging) expect(best?.rate).toBe(0.1);
  });
});

describe('the sentence of a fair fight', () => {
  it('waits for all runs', () => {
    expect(fightSentence(linesOf(NO_FIGHTS), 0.015)).toBeNull();
  });

  it('names the pair that the rate of the lab turns round', () => {
    const lines = fought((adapter, rate) => (adapter !== 'b-only' ? 0.7 : rate === 0.015 ? 0.96 : 0.02));
    expect(fightSentence(lines, 0.015)).toBe(
      'At rate 0.015 B only looks worse than LoRA (0.96, 0.70). Each at its best: 0.020, 0.70.',
    );
    expect(byBest(lines)[0].adapter).toBe('b-only');
  });

  it('a run that diverged at the rate of the lab is worse than any', () => {
    const lines = fought((adapter, rate) =>
      adapter === 'lora' ? 0.7 : rate === 0.015 ? Number.POSITIVE_INFINITY : 0.02,
    );
    expect(fightSentence(lines, 0.015)).toContain('(diverged, 0.70)');
  });

  it('says that nothing turns where nothing does, or by too little to tell', () => {
    expect(
      fightSentence(
        fought((adapter) => (adapter === 'lora' ? 0.7 : 0.8)),
        0.015,
      ),
    ).toContain('the same order');
    const close = fought((adapter, rate) => (adapter === 'lora' ? 0.7 : rate === 0.015 ? 0.705 : 0.695));
    expect(fightSentence(close, 0.015)).toContain('the same order');
  });
});

it('the floors beside the runs are those of their seed, not medians', () => {
  const [at, all] = [firstRowOf('kronecker', view), rowOf('kronecker', view)];
  expect(at.lora).not.toBe(all.lora);
  expect(linesOf(NO_FIGHTS)[0].floor).toBe(firstRowOf('low-rank', view).lora);
});
