import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLink } from '../../experiment/link/link.ts';
import { type Axis, cellCount, MAX_CELLS, MAX_PANELS, readSweep, writeSweep } from '../../experiment/plan/sweep.ts';
import { change, defaults, param } from '../../experiment/settings/experiment.ts';
import type { ParamKey } from '../../experiment/settings/params.ts';
import { defaultView } from '../../experiment/settings/view.ts';
import { initialState } from '../../state/state.ts';
import { defaultValues, roleOf, sweepRailKeys, thinAxes, togglesOf, withRole } from './roles.ts';
import { valueText } from './sweep-scene.ts';
import { closedCellReason } from './use-sweep.ts';

const axis = (key: ParamKey, ...values: unknown[]): Axis => ({ key, values });
const keys = (axes: readonly Axis[]) => axes.map(({ key }) => key).join(' ');

describe('roles of settings', () => {
  const two = [axis('rank', 1, 2), axis('lr', 0.1)];
  it.each([
    ['a first one takes the columns', [], 'rank', 'rows', 'rank'],
    ['what had the columns takes the free place', [axis('rank', 1)], 'lr', 'columns', 'lr rank'],
    ['two change places', two, 'lr', 'columns', 'lr rank'],
    ['a third one in front pushes the first to the panels', two, 'alpha', 'columns', 'alpha lr rank'],
    ['a fixed one leaves no gap', two, 'rank', null, 'lr'],
    ['with three the one that had the place is fixed', [...two, axis('opt', 'sgd')], 'alpha', 'rows', 'rank alpha opt'],
  ] as const)('%s', (_, axes, key, role, expected) => {
    expect(keys(withRole(axes, key, role, [1, 2]))).toBe(expected);
  });

  it('keep at most four panels, ends among them', () => {
    const axes = withRole(two, 'alpha', 'panels', [1, 2, 4, 8, 16, 32, 64]);
    expect(axes[2]?.values).toEqual([1, 4, 16, 64]);
    expect(roleOf(axes, 'alpha')).toBe('panels');
    expect(MAX_PANELS).toBe(4);
  });

  it('are offered of what students may change, and of what varies already', () => {
    const exercise = { ...defaultView(), task: 'Find the best', show: 'rank,alpha', lock: 'alpha' };
    expect(sweepRailKeys(defaults(), [], exercise)).toEqual(['rank']);
    expect(sweepRailKeys(defaults(), [axis('lr', 0.1)], exercise)).toEqual(['rank', 'lr']);
    expect(sweepRailKeys(defaults(), [], defaultView())).toContain('lr');
  });

  it('a cell that an exercise does not allow says why it stays closed', () => {
    const view = { ...defaultView(), sweep: 'rank:2,8', task: 'Find the best', lock: 'rank' };
    const state = { ...initialState({ backend: null, stepper: null }), view };
    expect([0, 1].map((at) => closedCellReason(state, [at]))).toEqual([
      'Rank r cannot be changed in this exercise',
      null,
    ]);
    expect(closedCellReason({ ...state, view: { ...view, lock: 'alpha' } }, [0])).toBeNull();
  });

  it('thin a plan with too many cells to every second value of its longest list', () => {
    const many = Array.from({ length: 60 }, (_, i) => i + 1);
    const axes = thinAxes([axis('rank', ...many), axis('alpha', ...many.slice(0, 10))]);
    expect(cellCount(axes)).toBeLessThanOrEqual(MAX_CELLS);
    expect(axes[0]?.values.slice(0, 3)).toEqual([1, 3, 5]);
    expect(axes[1]?.values).toHaveLength(10);
  });
});

describe('the values that a setting is offered with', () => {
  const experiments = ['', 'target=regression', 'target=decay&opt=sgd', 'd=1000&k=30&rank=7'].map(
    (link) => parseLink(`#v=1&${link}`).experiment,
  );
  it('are at least two, allowed, and come back from the link', () => {
    for (const e of experiments)
      for (const key of sweepRailKeys(e, [], defaultView())) {
        const values = defaultValues(key, e, 0.013);
        expect(values.length, key).toBeGreaterThan(key === 'edit' ? 0 : 1);
        expect(values.length, key).toBeLessThanOrEqual(40);
        for (const value of values) {
          expect('value' in param(key).check(value, e), `${key} ${value}`).toBe(true);
          expect(valueText(key, value)).not.toBe('');
        }
        const { axes } = readSweep(writeSweep({ axes: [{ key, values }] }), e);
        expect(axes.length === 0 ? [] : axes[0]?.values.length, key).not.toEqual([]);
      }
  });

  it('are 1, 2, 5 about the rate in force', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 10, noNaN: true }), (rate) => {
        const values = defaultValues('lr', defaults(), rate) as number[];
        expect(values.length).toBeGreaterThanOrEqual(8);
        expect(Math.min(...values)).toBeLessThan(rate);
        expect(Math.max(...values)).toBeGreaterThan(rate);
        expect([...values].sort((a, b) => a - b)).toEqual(values);
      }),
    );
  });

  it('are toggles where the ticks are few', () => {
    const e = change(defaults(), { d: 64, k: 64 });
    expect(togglesOf('rank', e, [1, 64])).toEqual([1, 2, 4, 8, 16, 32, 64]);
    expect(togglesOf('rank', e, [3])).toBeNull();
    expect(togglesOf('lr', e, [0.1])).toBeNull();
    expect(togglesOf('scaling', e, [])).toEqual(['standard', 'rslora', 'none']);
  });
});
