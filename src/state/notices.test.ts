import { describe, expect, it } from 'vitest';
import { parseLink } from '../experiment/link/link.ts';
import { duration } from '../experiment/numbers.ts';
import type { View } from '../experiment/settings/view.ts';
import { bugNotice, deadNotice, divergedNotice, linkNotices, longRunNotice, noticeEvent } from './notices.ts';
import { extend } from './run/run.ts';
import { initialState } from './state.ts';
import { entries, idleState, play } from './testing/page.ts';

it.each([
  [75, '75 s'],
  [(119 * 60) / 2, '60 min'],
  [185 * 60, '3 hours'],
  [26 * 3600, '26 hours'],
  [400 * 3600, '17 days'],
])('%d seconds are %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

it('a divergence says which limit the loss passed, or that there is no number for it', () => {
  const fresh = initialState({ backend: null, stepper: null });
  const trace = extend(fresh.run.trace, entries(0, [2]));
  const said = (norm: number, loss: number) => {
    const module = { wanted: { norm }, facts: { a: 1, b: 0, sigma1: 1 } };
    const ready = { modules: [module] } as unknown as NonNullable<typeof fresh.run.ready>;
    return divergedNotice({ ...fresh, run: { ...fresh.run, trace, ready } }, { step: 7, loss }).texts[0];
  };
  expect(said(2, 3.14e9)).toBe(
    'The loss reached 3.1·10⁹, over a million times its starting value. You see step 7, the last good state.',
  );
  // B = 0: ½‖ΔW*‖² is the first loss too, and float32 may have rounded it down.
  expect(said(2.000001, 3.14e9)).toContain('over a million times its starting value.');
  expect(said(9, 3.14e9)).toContain('over a million times ½‖ΔW*‖².');
  for (const loss of [Number.NaN, Number.POSITIVE_INFINITY])
    expect(said(2, loss)).toContain('The loss overflowed float32.');
});

it('the ways out of a divergence say the settings that they set, and none that cannot be set', () => {
  const fresh = initialState({ backend: null, stepper: null });
  const offered = (alpha: number, lr = 0.05) => {
    const experiment = { ...fresh.experiment, alpha, lr };
    return divergedNotice({ ...fresh, experiment }, { step: 7, loss: Number.NaN }).actions.map(({ label, event }) => [
      label,
      event.type === 'retry' ? event.changes : null,
    ]);
  };
  for (const [alpha, text] of [
    [4, '1'],
    [40, '10'],
    [400, '100'],
    [16, '4'],
    [65_536, '16000'],
    [1, '0.25'],
    [0.004, '0.001'],
  ] as const)
    expect(offered(alpha)[1]).toEqual([`Try α = ${text}`, { alpha: Number(text) }]);
  expect(offered(0.0039).flatMap(([, changes]) => changes ?? [])).toHaveLength(1);
});

it('a run that moved nothing leads to its complaint, but out of no lesson, exercise or frame', () => {
  const fresh = initialState({ backend: null, stepper: null });
  const notice = (changes: Partial<View>) => deadNotice({ ...fresh, view: { ...fresh.view, ...changes } });
  expect(notice({})?.actions.map(({ event }) => event)).toEqual([
    { type: 'viewed', changes: { view: 'clinic', case: 'zeros' } },
  ]);
  for (const changes of [{ lesson: 'starts' }, { lock: 'rank' }, { view: 'embed' as const }])
    expect(notice(changes), JSON.stringify(changes)).toBeNull();
});

it('a diverged run leads to its complaint in the clinic, but out of no lesson, exercise or frame', () => {
  const fresh = initialState({ backend: null, stepper: null });
  const leads = (changes: Partial<View>) =>
    divergedNotice({ ...fresh, view: { ...fresh.view, ...changes } }, { step: 7, loss: Number.NaN }).actions.some(
      ({ event }) => event.type === 'viewed' && event.changes.view === 'clinic' && event.changes.case === 'nan',
    );
  expect([leads({}), leads({ view: 'first' })]).toEqual([true, true]);
  for (const changes of [{ lesson: 'scaling' }, { lock: 'rank' }, { view: 'embed' as const }])
    expect(leads(changes), JSON.stringify(changes)).toBe(false);
});

it('a run in float16 that breaks says why, and offers a smaller loss scale first', () => {
  const fresh = initialState({ backend: null, stepper: null });
  const noticeOf = (lossscale: number) => {
    const experiment = { ...fresh.experiment, precision: 'float16' as const, lossscale, lr: 0.05 };
    return divergedNotice({ ...fresh, experiment }, { step: 0, loss: Number.NaN });
  };
  expect(noticeOf(1).texts[0]).toContain('A number passed 65,504, the largest of float16.');
  const ways = (lossscale: number) => noticeOf(lossscale).actions.map(({ label }) => label);
  expect(ways(65_536)[0]).toBe('Try loss scale 1024');
  expect(ways(8)[0]).toBe('Try loss scale 1');
  expect(ways(1)[0]).toContain('learning rate');
});

describe('a run that asks before it starts', () => {
  const noticeOf = (secondsPerStep: number, bytes: number, steps = 1000) => {
    const state = initialState({ backend: null, stepper: null });
    const ready = { bytes } as NonNullable<typeof state.run.ready>;
    const experiment = { ...state.experiment, steps };
    return longRunNotice({ ...state, experiment, run: { ...state.run, secondsPerStep, ready } });
  };

  it('is one of more than a minute or 500 MB', () => {
    expect(noticeOf(0.06, 500e6)).toBeNull();
    expect(noticeOf(0.061, 1e6)).not.toBeNull();
    expect(noticeOf(1e-4, 501e6)).not.toBeNull();
  });

  it('says which of the two it is, how long, and how much', () => {
    const long = noticeOf(0.1, 20e6);
    expect(long?.title).toBe('This run will take a while.');
    expect(long?.texts[0]).toMatch(/^1,000 steps will take about 100 s at full speed and use 20 MB\. Press Train/);
    expect(noticeOf(90, 20e6, 1)?.texts[0]).toMatch(/^One step will take about 90 s /);
    expect(noticeOf(0.6, 20e6)?.texts[0]).toContain('about 10 min at full speed');
    const large = noticeOf(1e-4, 602.4e6);
    expect(large?.title).toBe('This run needs a lot of memory.');
    expect(large?.texts[0]).toContain('will take less than a second at full speed and use 602 MB.');
    expect(large?.actions).toEqual([{ label: 'Train', event: { type: 'train' } }]);
  });
});

it('an engine that stopped is said why, what is kept, and how to go on', () => {
  const { title, texts, actions } = bugNotice('The worker stopped responding.');
  expect([title, ...texts]).toEqual([
    'The engine stopped.',
    'The worker stopped responding. What has been trained so far is kept on this page.',
    'Press Train to restart the engine, or reload the page.',
  ]);
  expect(actions.map(({ label }) => label)).toEqual(['Use the processor', 'Reload']);
});

describe('a notice', () => {
  it('belongs to the place in which it rose', () => {
    const wall = play(idleState(), { type: 'viewed', changes: { view: 'wall' } });
    const { notices } = play(wall, noticeEvent('file', 'plain', 'One file was left out.'));
    expect(notices.map(({ place }) => place)).toEqual(['Teach']);
  });
});

it('the corrections of a link are no longer shown once a setting that they name is changed, and not before', () => {
  const { experiment, faults } = parseLink('#v=1&target=digits&adapt=mirrored&rank=0.5');
  const [notice] = linkNotices(faults);
  expect(notice.title).toBe('2 settings in the link were corrected.');
  const opened = { ...idleState(), experiment };
  const titles = (changes: Partial<typeof experiment>) =>
    play({ ...opened, notices: [{ ...notice, id: 1, place: 'Lab' }] }, { type: 'changed', changes }).notices.map(
      ({ title }) => title,
    );
  expect(titles({ seed: 2 })).toEqual([notice.title]);
  expect(titles({ adapt: 'mirror' })).toEqual([]);
  expect(titles({ rank: 4 })).toEqual([]);
});
