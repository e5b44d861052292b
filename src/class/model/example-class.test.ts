import { describe, expect, it } from 'vitest';
import { typescriptBackend } from '../../engine/backends/own-backends.ts';
import { trainInBackground } from '../../engine/background-runs/background-run.ts';
import { layerCache } from '../../experiment/layer/problem.ts';
import { parseLink, settingsLink } from '../../experiment/link/link.ts';
import { readGoal } from '../../experiment/plan/goal.ts';
import { recordOfErrors } from '../../experiment/run-file/testing/record.ts';
import { withoutExample } from '../../state/update.ts';
import { afterHandIns, emptied, NO_WALL, withHandIns } from '../state/wall.ts';
import { type HandInEntry, readLinkLines } from './entry.ts';
import { EXAMPLE_HAND_INS, EXAMPLE_LINK } from './example-class.ts';
import { largestRise, questionsOf } from './questions.ts';
import { type ClassEntry, classTable, namesOf, standingsOf, targetMismatch } from './standings.ts';

const { experiment, view, faults } = parseLink(EXAMPLE_LINK);
const { goal } = readGoal(view.goal);
const read = readLinkLines(EXAMPLE_HAND_INS.join('\n'));
const runs = read.filter((one): one is HandInEntry => 'experiment' in one);
const entries: readonly ClassEntry[] = runs.map((run, i) => ({ ...run, id: i + 1, result: null }));

describe('the example class', () => {
  it('has twelve links without a fault, with names and settings of their own', () => {
    expect(faults).toEqual([]);
    expect(read).toHaveLength(12);
    expect(runs).toHaveLength(12);
    for (const link of EXAMPLE_HAND_INS) expect(parseLink(link).faults).toEqual([]);
    expect(new Set(runs.map(({ name }) => name)).size).toBe(12);
    expect(new Set(runs.map((run) => settingsLink(run.experiment))).size).toBe(12);
  });

  it('has one target, and none has changed what the exercise locks', () => {
    expect(goal).toEqual({ error: 0.05, numbers: 600, steps: 300 });
    expect(runs.map((run) => targetMismatch({ experiment, view }, run.experiment))).toEqual(runs.map(() => null));
    const trained = entries.map((entry) => ({ ...entry, result: recordOfErrors([1, 0.5], {}, entry.link) }));
    expect(standingsOf(trained, { experiment, view }, goal).filter(({ kind }) => kind === 'unplaced')).toEqual([]);
  });

  it('ends as the lesson needs it: four reach the goal, one diverges, and rank 3 stays at its floor', async () => {
    const cache = layerCache();
    const ends = new Map<string, { readonly status: string; readonly error: number; readonly floor: number | null }>();
    for (const run of runs) {
      const options = { backends: [typescriptBackend], cache, observe: [] };
      const { summary } = await trainInBackground(run.experiment, options);
      const { status, relativeError, floor } = summary;
      ends.set(run.name, { status, error: relativeError ?? Number.NaN, floor });
    }
    const within = runs.filter((run) => run.experiment.rank * 128 <= 600);
    const reached = within.filter(({ name }) => (ends.get(name)?.error ?? 1) <= 0.05).map(({ name }) => name);
    expect(reached.sort()).toEqual(['Ada', 'Ben', 'Chiara', 'Hana']);
    expect(ends.get('Lena')?.status).toBe('diverged');
    expect(ends.get('Farah')?.error).toBeCloseTo(ends.get('Farah')?.floor ?? 0, 4);
    expect(ends.get('Ines')?.error).toBeLessThan(0.05);
  });

  it('comes hand-in by hand-in in the order of arrival, with the results that are known', () => {
    const result = recordOfErrors([1, 0.5]);
    const before = { wall: null, experiment, view, drawing: null };
    const wall = { ...NO_WALL, ...withHandIns(NO_WALL, runs, []), example: { before, waits: [] } };
    const known = { ...wall, entries: wall.entries.map((entry) => ({ ...entry, result })) };
    const none = { ...known, ...emptied(known) };
    expect(none.entries).toEqual([]);
    const two = { ...none, ...afterHandIns(2)(none) };
    expect(two.entries.map(({ name }) => name)).toEqual(runs.slice(0, 2).map(({ name }) => name));
    const all = { ...two, ...afterHandIns(10)(two) };
    expect(all.entries).toEqual(known.entries);
    expect(all.example?.waits).toEqual([]);
  });

  it('gives way to the wall that was there before, whose table has no run of it', () => {
    const own = { ...NO_WALL, ...withHandIns(NO_WALL, readLinkLines('#v=1&by=Mei') as HandInEntry[], []) };
    const before = { wall: own, experiment, view, drawing: null };
    const wall = { ...NO_WALL, ...withHandIns(NO_WALL, runs, []), example: { before, waits: [] } };
    const left = withoutExample({ wall }).wall;
    expect(left).toBe(own);
    const kept = left?.entries ?? [];
    const table = classTable(standingsOf(kept, { experiment, view }, goal), namesOf(kept, false), false);
    expect(table.rows.map(([, name]) => name)).toEqual(['Mei']);
    expect(withoutExample({ wall: own }).wall).toBe(own);
    expect(withoutExample({ wall: null }).wall).toBeNull();
  });
});

describe('questions about the runs', () => {
  const link = (rank: number, alpha: number, lr: number) =>
    `#v=1&target=low-rank&d=16&k=16&truerank=4&steps=4&rank=${rank}&alpha=${alpha}&lr=${lr}`;
  const reference = parseLink(link(4, 8, 0.01));
  const run = (id: number, name: string, of: string, errors: readonly number[], status = 'finished' as const) => {
    const [one] = readLinkLines(`${of}&by=${name}`);
    if (!one || !('experiment' in one)) throw new Error('not read');
    return { ...one, id, result: recordOfErrors(errors, { status, rate: one.experiment.lr ?? 0 }, of) };
  };
  const asked = (list: readonly ClassEntry[], floors: readonly number[] | null = [1, 0.6, 0.4, 0.3, 0.05, 0]) => {
    const standings = standingsOf(list, reference, { error: 0.1, numbers: null, steps: null });
    return questionsOf({ standings, wanted: 0.1, floors, names: namesOf(list, false) });
  };
  const ada = run(1, 'Ada', link(4, 8, 0.01), [1, 0.5, 0.1, 0.09, 0.08]);
  const ben = run(2, 'Ben', link(4, 16, 0.01), [1, 0.6, 0.4, 0.2, 0.1]);
  const jun = run(3, 'Jun', link(2, 4, 0.01), [1, 0.7, 0.6, 0.5, 0.45]);
  const farah = run(4, 'Farah', link(3, 6, 0.01), [1, 0.7, 0.5, 0.4, 0.35]);
  const kwame = run(5, 'Kwame', link(4, 8, 0.1), [1, 0.5, 0.2, 0.9, 0.4]);

  it('name the highest rank that missed the goal, and its floor', () => {
    expect(asked([ada, jun, farah])[0]).toBe(
      'Why did nobody with rank 3 or less get there? The floor at rank 3 is 0.300.',
    );
  });

  it('blame no floor that is below the goal, nor one that is unknown', () => {
    expect(asked([ada, farah], [1, 0.5, 0.3, 0.08, 0])).toEqual([]);
    expect(asked([ada, farah], null)).toEqual([]);
  });

  it('compare the two best runs of one rank that differ in α', () => {
    expect(asked([ben, ada])).toEqual([
      'Ada and Ben both trained rank 4, with α = 8 and 16, at the same rate. Why is Ada 2 steps ahead?',
    ]);
  });

  it('point at the step at which the largest rate shows', () => {
    expect(asked([ada, kwame])).toEqual(['With Adam, Kwame’s rate of 0.1 is 10 times Ada’s. What happens at step 3?']);
    expect(largestRise([1, 0.5, 0.2, 0.9, 0.4])).toBe(3);
  });

  it('are none if nobody reached the goal', () => {
    expect(asked([jun, farah, kwame])).toEqual([]);
  });
});
