import { describe, expect, it } from 'vitest';
import { errorAtEnd } from '../../experiment/run-file/run-record.ts';
import { recordOfErrors } from '../../experiment/run-file/testing/record.ts';
import { type HandInEntry, readLinkLines } from '../model/entry.ts';
import { NO_WALL, wallOf, withHandIns } from './wall.ts';

const run = (by: string, rank = 4): HandInEntry => {
  const [read] = readLinkLines(`#v=1&target=low-rank&d=16&k=16&rank=${rank}&by=${by}`);
  if (!read || !('experiment' in read)) throw new Error('not read');
  return read;
};

describe('the wall', () => {
  it('numbers its runs in the order in which they come, and none twice', () => {
    const first = { ...NO_WALL, ...withHandIns(NO_WALL, [run('Ada'), run('Mei')], []) };
    const fewer = { ...first, entries: first.entries.slice(0, 1) };
    expect(withHandIns(fewer, [run('Tom')], []).entries.map(({ id, name }) => [id, name])).toEqual([
      [1, 'Ada'],
      [3, 'Tom'],
    ]);
  });

  it('leaves out what is there already, and what it has no room for', () => {
    const many = Array.from({ length: 62 }, (_, i) => run(`s${i}`));
    const full = withHandIns(NO_WALL, [run('Ada'), run('Ada'), run('Ada', 2), ...many], [{ what: 'x', why: 'y' }]);
    expect(full.entries).toHaveLength(60);
    expect(full.left.map(({ what }) => what)).toEqual(['x', 'Ada', 's58', 's59', 's60', 's61']);
    expect(full.left[1]?.why).toMatch(/on the wall already/);
    expect(full.left[2]?.why).toMatch(/holds 60 runs/);
  });

  it('lets a run take the place of one that stands without a place', () => {
    const bad = withHandIns(NO_WALL, [run('Mei'), run('Ada')], []);
    const wall = { ...NO_WALL, ...bad };
    expect(withHandIns(wall, [run('Ada')], []).left).toHaveLength(1);
    const mended = withHandIns(wall, [run('Ada'), run('Ada')], [], new Set([2]));
    expect(mended.entries.map(({ id, name, result }) => [id, name, result])).toEqual([
      [1, 'Mei', null],
      [3, 'Ada', null],
    ]);
    expect(mended.left.map(({ what }) => what)).toEqual(['Ada']);
  });

  it('keeps a run beside one of its name that is not trained yet and claims something else', () => {
    const claiming = (error: number): HandInEntry => ({
      ...run('Ada'),
      claim: recordOfErrors([1, error]),
    });
    const both = withHandIns(NO_WALL, [claiming(0.01), claiming(0.3), claiming(0.3)], []);
    expect(both.entries.map(({ claim }) => claim && errorAtEnd(claim))).toEqual([0.01, 0.3]);
    expect(both.left).toHaveLength(1);
    // Once the first is `unplaced`, the second is there already.
    const wall = { ...NO_WALL, ...both, left: [] };
    expect(withHandIns(wall, [claiming(0.3)], [], new Set([1])).left).toHaveLength(1);
  });

  it('keeps runs that nobody has named, though they are equal', () => {
    expect(withHandIns(NO_WALL, [run(''), run('')], []).entries).toHaveLength(2);
  });

  it('takes the word of a class link for what counts', () => {
    const { view } = run('Ada');
    expect(wallOf({ wall: null, view }).decides).toBeNull();
    expect(wallOf({ wall: null, view: { ...view, goal: 'error:0.05' } }).decides).toBe('link');
  });
});
