import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLink } from '../../experiment/link/link.ts';
import type { RunRecord } from '../../experiment/run-file/run-record.ts';
import { recordOfErrors } from '../../experiment/run-file/testing/record.ts';
import { readLinkLines } from './entry.ts';
import {
  type ClassEntry,
  type ClassStanding,
  namesOf,
  omissionText,
  type Reference,
  sameRuns,
  standingsOf,
} from './standings.ts';

const LINK = '#v=1&target=low-rank&d=16&k=16&rank=4&steps=4';
const reference: Reference = parseLink(LINK);
/** 16 × 16, rank 4: 128 numbers; rank 8: 256. */
const goal = { error: 0.1, numbers: 200, steps: 3 };

const trained = (errors: readonly number[], more: Partial<RunRecord> = {}) => recordOfErrors(errors, more, LINK);

/** An entry from a link after training; `id` is the order of arrival. */
function entry(id: number, errors: readonly number[], link = LINK, more: Partial<ClassEntry> = {}): ClassEntry {
  const [read] = readLinkLines(`${link}&by=run${id}`);
  if (!read || !('experiment' in read)) throw new Error(JSON.stringify(read));
  return { ...read, id, result: trained(errors), ...more };
}

const claiming = (errors: readonly number[], backend = 'cpu', device = 'processor'): Pick<ClassEntry, 'claim'> => ({
  claim: recordOfErrors(errors, { computed: [{ from: 0, backend, device }] }),
});

const one = (it: ClassEntry, by = reference): ClassStanding => {
  const [standing] = standingsOf([it], by, goal);
  if (!standing) throw new Error('no standing');
  return standing;
};

describe('the standings of a class', () => {
  it('rank by the step at which the goal was reached, then by final error; equal runs share a place', () => {
    const runs = [
      entry(1, [1, 0.5, 0.09, 0.08, 0.01]),
      entry(2, [1, 0.1, 0.09, 0.09, 0.09]),
      entry(3, [1, 0.5, 0.09, 0.07, 0.5]),
      entry(4, [1, 0.2, 0.1, 0.08, 0.3]),
      entry(5, [1, 0.5, 0.4, 0.05, 0.05]),
    ];
    const places = standingsOf(runs, reference, goal).map((s) => [s.entry.id, s.kind === 'reached' ? s.place : null]);
    // 1 and 4 reach it at step 2 and have 0.08 at step 3, where the budget ends.
    expect(places).toEqual([
      [2, 1],
      [3, 2],
      [1, 3],
      [4, 3],
      [5, 5],
    ]);
  });

  it('list after them what missed the goal by error, what diverged, then what is over the budget', () => {
    const runs = [
      entry(1, [1, 0.05], `${LINK}&rank=8`.replace('rank=4&', '')),
      entry(2, [1, 0.5, 0.5, 0.5, 0.01]),
      entry(3, [1, 3, 40], LINK, { result: trained([1, 3, 40], { status: 'diverged' }) }),
      entry(4, [1, 0.9, 0.8, 0.7, 0.7]),
      entry(5, [1, 0.9, 0.8, 0.6, 0.6]),
      entry(6, [], LINK, { result: null }),
    ];
    const kinds = standingsOf(runs, reference, goal).map((s) => [s.entry.id, s.kind]);
    expect(kinds).toEqual([
      [5, 'missed'],
      [4, 'missed'],
      [3, 'diverged'],
      [2, 'over'],
      [1, 'over'],
      [6, 'waiting'],
    ]);
  });

  it('take another target, a changed lock and settings changed on the way out of the ranking, each with its reason', () => {
    const good = [1, 0.05, 0.05, 0.05, 0.05];
    const locked: Reference = { ...reference, view: { ...reference.view, lock: 'alpha,rank', goal: 'error:0.1' } };
    const why = (it: ClassEntry) => {
      const standing = one(it, locked);
      return standing.kind === 'unplaced' ? standing.why : standing.kind;
    };
    expect(why(entry(1, good, LINK.replace('low-rank', 'rotation')))).toMatch(/another target \(rotation\)/);
    expect(why(entry(2, good, `${LINK}&truerank=2`))).toMatch(/another target \(.*rank 2, not 8\)/i);
    expect(why(entry(3, good, LINK.replace('rank=4', 'rank=2')))).toMatch(/^Rank r: locked at 4, here 2$/);
    expect(why(entry(4, good, `${LINK}&seed=7`))).toBe('reached');
    expect(why(entry(5, good, `${LINK}&lr=0.3&opt=sgd`))).toBe('reached');
    const tuned = { ...claiming(good).claim, changes: [{ step: 2, key: 'lr', value: 0.5 }] } as ClassEntry['claim'];
    expect(why(entry(6, good, LINK, { claim: tuned }))).toMatch(/was changed at step 2/);
    const longer = { ...claiming(good).claim, changes: [{ step: 2, key: 'steps', value: 9 }] } as ClassEntry['claim'];
    expect(why(entry(7, good, LINK, { claim: longer }))).toBe('reached');
    expect(why(entry(8, good, LINK, { result: { why: 'cannot be trained here' } }))).toBe('cannot be trained here');
  });

  it('mark a file that claims what its link does not give', () => {
    const gives = [1, 0.5, 0.3, 0.2, 0.171];
    const claims = (errors: readonly number[], backend = 'cpu') =>
      one(entry(1, gives, LINK, claiming(errors, backend)));
    expect(claims([1, 0.5, 0.3, 0.1, 0.02])).toMatchObject({
      kind: 'unplaced',
      disagrees: true,
      why: 'claims 0.0200; its link gives 0.171',
    });
    // The final error is true, an earlier one is not.
    expect(claims([1, 0.5, 0.01, 0.2, 0.171]).kind).toBe('unplaced');
    expect(claims(gives).kind).toBe('missed');
    // A run that was stopped early is compared up to its end.
    expect(claims([1, 0.5, 0.3]).kind).toBe('missed');
    // Another back end rounds differently; a larger difference is marked all the same.
    expect(claims([1, 0.5, 0.3, 0.2, 0.18], 'webgpu').kind).toBe('missed');
    expect(claims([1, 0.5, 0.3, 0.2, 0.18], 'cpu').kind).toBe('unplaced');
    expect(claims([1, 0.5, 0.3, 0.2, 0.02], 'webgpu').kind).toBe('unplaced');
    // So does a processor with fused multiply-add; two of them agree bit for bit.
    const [plain, fused] = ['processor', 'processor, fused multiply-add'];
    const between = (there: string, here: string, errors: readonly number[]) =>
      one(
        entry(1, gives, LINK, {
          ...claiming(errors, 'wasm', there),
          result: trained(gives, { computed: [{ from: 0, backend: 'wasm', device: here }] }),
        }),
      ).kind;
    for (const [there, here] of [
      [plain, fused],
      [fused, plain],
      [`${plain} 0–2, ${fused} 3–4`, fused],
    ] as const) {
      expect(between(there, here, [1, 0.5, 0.3, 0.2, 0.18])).toBe('missed');
      expect(between(there, here, [1, 0.5, 0.3, 0.2, 0.02])).toBe('unplaced');
    }
    for (const device of [plain, fused]) {
      expect(between(device, device, gives)).toBe('missed');
      expect(between(device, device, [1, 0.5, 0.3, 0.2, 0.18])).toBe('unplaced');
    }
    const blown = entry(2, [], LINK, { result: trained([1, 30], { status: 'diverged' }), ...claiming([1, 0.5, 0.02]) });
    expect(one(blown)).toMatchObject({ kind: 'unplaced', why: 'claims 0.0200; its link diverges at step 1' });
  });

  it('are one order whatever order the runs came in, and places count those before', () => {
    const error = fc.constantFrom(0.01, 0.05, 0.1, 0.2, 0.2, 0.5, 1);
    const rank = fc.constantFrom(2, 4, 8);
    const run = fc.record({ rank, errors: fc.array(error, { minLength: 5, maxLength: 5 }), blown: fc.boolean() });
    fc.assert(
      fc.property(fc.array(run, { maxLength: 25 }), fc.nat(), (list, turn) => {
        const runs = list.map(({ rank: r, errors, blown }, i) =>
          entry(i + 1, errors, LINK.replace('rank=4', `rank=${r}`), {
            result: trained(errors, blown ? { status: 'diverged' } : {}),
          }),
        );
        const turned = [...runs.slice(turn % (runs.length + 1)), ...runs.slice(0, turn % (runs.length + 1))].reverse();
        const ids = (of: readonly ClassStanding[]) => of.map((s) => [s.entry.id, s.kind === 'reached' ? s.place : 0]);
        const table = standingsOf(runs, reference, goal);
        expect(ids(standingsOf(turned, reference, goal))).toEqual(ids(table));
        expect(table.map((s) => s.entry.id).sort((a, b) => a - b)).toEqual(runs.map(({ id }) => id));
        const reached = table.filter((s) => s.kind === 'reached');
        for (const s of reached) {
          const before = reached.filter(
            (o) => o.step < s.step || (o.step === s.step && (o.error ?? 0) < (s.error ?? 0)),
          );
          expect(s.place).toBe(before.length + 1);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('without a goal go by final error', () => {
    const runs = [entry(1, [1, 0.5]), entry(2, [1, 0.2])];
    const table = standingsOf(runs, reference, null);
    expect(table.map((s) => [s.entry.id, s.kind])).toEqual([
      [2, 'missed'],
      [1, 'missed'],
    ]);
  });
});

describe('what is said of a wall', () => {
  it('names runs that are the same, by settings or by s, rate and seed', () => {
    const other = `${LINK}&alpha=8`;
    const runs = [
      entry(1, [1, 0.5]),
      entry(2, [1, 0.5], other),
      entry(3, [1, 0.4]),
      entry(4, [1, 0.4]),
      entry(5, [1, 0.4, 0.3]),
    ];
    expect(sameRuns(runs, namesOf(runs, false))).toEqual([
      'run1 and run2 have the same s, rate and seed, so theirs is the same run.',
      'run3 and run4 have the same settings, so theirs is the same run.',
    ]);
    expect(sameRuns(runs, namesOf(runs, true))[0]).toMatch(/^run 1 and run 2 /);
  });

  it('names what was left out, the first of it', () => {
    const left = ['a', 'b', 'c'].map((what) => ({ what, why: 'is not a run file' }));
    expect(omissionText(left, 2)).toBe('a is not a run file; b is not a run file; …');
    expect(omissionText(left.slice(0, 1), 2)).toBe('a is not a run file.');
  });
});
