import { describe, expect, it } from 'vitest';
import { CHARTS } from '../../charts/charts.ts';
import { change, defaults } from '../../experiment/settings/experiment.ts';
import { defaultView, type ViewName } from '../../experiment/settings/view.ts';
import { initialState, type State } from '../../state/state.ts';
import { eventOf, KEYS } from './list.ts';

const alone = { shift: false, chart: null };
const page = (changes: Partial<State> = {}): State => ({
  ...initialState({ backend: null, stepper: null }),
  ...changes,
});
const at = (changes: Parameters<typeof change>[1]) => page({ experiment: change(defaults(), changes) });

describe('the keys of the page', () => {
  it('take the rank from tick to tick, and stop at the ends', () => {
    expect(eventOf('+', at({ rank: 8 }), alone)).toEqual({ type: 'changed', changes: { rank: 16 } });
    expect(eventOf('=', at({ rank: 8 }), alone)).toEqual({ type: 'changed', changes: { rank: 16 } });
    expect(eventOf('-', at({ rank: 9 }), alone)).toEqual({ type: 'changed', changes: { rank: 8 } });
    expect(eventOf('+', at({ rank: 64 }), { ...alone, shift: true })).toEqual({
      type: 'changed',
      changes: { rank: 64 },
    });
  });

  it('leave space and bare arrows to the page and to the focus, but on a projector', () => {
    const bare = [' ', 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'];
    for (const view of ['lab', 'embed'] as const)
      for (const key of bare)
        for (const shift of [false, true])
          expect(
            eventOf(key, { ...at({ rank: 8 }), view: { ...defaultView(), view } }, { ...alone, shift }),
          ).toBeNull();
    const projected = { ...at({ rank: 9 }), view: { ...defaultView(), view: 'present' as const } };
    expect(eventOf('ArrowUp', projected, alone)).toEqual({ type: 'changed', changes: { rank: 16 } });
    expect(eventOf('ArrowDown', projected, { ...alone, shift: true })).toEqual({
      type: 'changed',
      changes: { rank: 8 },
    });
    expect(eventOf(' ', projected, alone)).toEqual(eventOf('t', projected, alone));
    expect(eventOf('t', projected, alone)).not.toBeNull();
  });

  it('present the lab and runs side by side, no screen in their place', () => {
    const present = { type: 'viewed', changes: { view: 'present' } };
    const at = (view: ViewName) => page({ view: { ...defaultView(), view } });
    for (const view of ['lab', 'runs', 'compare', 'which'] as const)
      expect(eventOf('f', at(view), alone)).toEqual(present);
    for (const view of ['sweep', 'experiments', 'class'] as const) expect(eventOf('f', at(view), alone)).toBeNull();
  });

  it('lead from Present to what it shows, and from the tabs of the lab to this run', () => {
    const at = (view: ViewName, presents: State['presents'] = 'lab') =>
      eventOf('Escape', page({ view: { ...defaultView(), view }, presents }), alone);
    const to = (view: ViewName) => ({ type: 'viewed', changes: { view } });
    const left = (['lab', 'compare', 'which'] as const).map((shown) => at('present', shown));
    expect(left).toEqual([to('lab'), to('compare'), to('which')]);
    expect((['runs', 'compare', 'sweep'] as const).map((view) => at(view))).toEqual([to('lab'), to('lab'), to('lab')]);
    expect([at('lab'), at('experiments'), at('class')]).toEqual([null, null, null]);
  });

  it('double and halve α, beyond the slider too', () => {
    expect(eventOf(']', at({ alpha: 16 }), alone)).toEqual({ type: 'changed', changes: { alpha: 32 } });
    expect(eventOf(']', at({ alpha: 128 }), alone)).toEqual({ type: 'changed', changes: { alpha: 256 } });
    expect(eventOf('[', at({ alpha: 1 }), alone)).toEqual({ type: 'changed', changes: { alpha: 0.5 } });
  });

  it('move the learning rate only once it is known', () => {
    expect(eventOf('.', page(), alone)).toBeNull();
    expect(eventOf('.', at({ lr: 0.01 }), alone)).toEqual({ type: 'changed', changes: { lr: 0.012 } });
  });

  it('show the table of a chart that there is, whatever has the focus', () => {
    for (const chart of [null, CHARTS[0].name]) {
      const event = eventOf('d', at({}), { ...alone, chart });
      expect(event).toMatchObject({ panel: { name: 'table', chart: chart ?? expect.any(String) } });
      const shown = event?.type === 'panel' && event.panel?.name === 'table' ? event.panel.chart : null;
      expect(CHARTS.map(({ name }) => name)).toContain(shown);
    }
  });

  it('choose charts only in the present view, and leave it', () => {
    expect(eventOf('1', page(), alone)).toBeNull();
    expect(eventOf('Escape', page(), alone)).toBeNull();
    const projected = page({ view: { ...defaultView(), view: 'present' } });
    expect(['1', '2', '3', '4'].map((key) => eventOf(key, projected, alone))).toEqual(
      [0, 2, 1, 3].map((chart) => ({ type: 'present', chart })),
    );
    expect(eventOf('Escape', projected, alone)).toEqual({ type: 'viewed', changes: { view: 'lab' } });
  });

  it('draw another seed', () => {
    for (let i = 0; i < 50; i++) {
      const event = eventOf('n', at({ seed: 9999 }), alone);
      expect(event?.type === 'changed' && event.changes.seed).not.toBe(9999);
    }
  });

  it('do nothing for a key that is none, whatever its name', () => {
    for (const key of ['q', 'Q', 'Tab', '__proto__', 'constructor', 'toString', '']) {
      expect(eventOf(key, page(), alone)).toBeNull();
    }
  });

  it('have one meaning each', () => {
    const all = KEYS.flatMap(({ keys }) => Object.keys(keys));
    expect(new Set(all).size).toBe(all.length);
  });
});
