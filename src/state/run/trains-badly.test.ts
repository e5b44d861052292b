import { expect, it } from 'vitest';
import { change, defaults } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { endedState, play, readyMessage } from '../testing/page.ts';
import { newRun, type Run } from './run.ts';
import { badTrainingNotice } from './trains-badly.ts';

const losses = (accuracy: number) => ({
  steps: [300],
  training: [Number.NaN],
  heldOut: [1],
  accuracy: [accuracy],
  oldAccuracy: [0.5],
});

/** A run on digits that ended with the first and last of `loss`, its own accuracy and that of full fine-tuning. */
function runOf(
  changes: Partial<Experiment>,
  {
    loss = [9, 1],
    own = 0.9,
    full = 0.96,
    a = 0.7,
  }: { loss?: readonly number[]; own?: number; full?: number | null; a?: number } = {},
): Run {
  const experiment = change(defaults(), { target: 'digits', ...changes });
  const base = newRun(1, experiment);
  const ready = readyMessage(1);
  const facts = {
    a,
    b: 0,
    sigma1: 0,
    network: {
      rates: { adapter: { sgd: 0.07, momentum: 0.005, adam: 0.15 }, full: { sgd: 0.1, momentum: 0.02, adam: 0.005 } },
      full: false,
    },
  };
  const module = { ...ready.modules[0], d: 64, k: 64, rank: experiment.rank, facts };
  return {
    ...base,
    status: 'finished',
    ready: {
      ...ready,
      modules: [module],
      network: { layers: [], heldOut: null, old: null } as unknown as NonNullable<typeof ready.network>,
    },
    trace: { ...base.trace, length: loss.length, series: { loss: Float64Array.from(loss) } },
    losses: losses(own),
    full: full === null ? null : { record: { ...base, losses: losses(full) }, modules: [], cuts: [] },
  };
}
const noticeOf = (...given: Parameters<typeof runOf>) => badTrainingNotice({ run: runOf(...given) });

it('is silent about a run that trains, and before full fine-tuning is known', () => {
  expect(noticeOf({})).toBeNull();
  expect(noticeOf({}, { own: 0.49, full: 0.96 })).toBeNull();
  expect(noticeOf({}, { own: 0.3, full: null })).toBeNull();
});

it('is silent about a run that has not ended, one from a file, and one of a matrix', () => {
  const bad = runOf({}, { own: 0.2 });
  expect(badTrainingNotice({ run: bad })).not.toBeNull();
  expect(badTrainingNotice({ run: { ...bad, status: 'paused' } })).toBeNull();
  expect(badTrainingNotice({ run: { ...bad, recorded: true } })).toBeNull();
  expect(badTrainingNotice({ run: { ...bad, ready: bad.ready && { ...bad.ready, network: null } } })).toBeNull();
});

it('says how far it came, beside full fine-tuning or beside its own start', () => {
  expect(noticeOf({}, { own: 0.2 })?.texts).toEqual([
    'It reads 20% of the new task’s held-out examples right; full fine-tuning reaches 96%.',
  ]);
  expect(noticeOf({}, { loss: [9, 9.5], full: null })?.texts).toEqual(['The loss began at 9 and ended at 9.5.']);
});

it.each([
  [{ init: 'both-zero' }, { a: 0 }, 'A and B both begin at 0, so neither has a gradient', { init: 'kaiming-uniform' }],
  [{ lr: 1e-5 }, {}, /^the learning rate 10⁻⁵ is \d+ times lower than the automatic one$/, { lr: null }],
  [{ lr: 0.2 }, {}, /^the learning rate 0.2 is \d+ times higher than the automatic one$/, { lr: null }],
  [{ steps: 20 }, {}, '20 steps are too few', { steps: 300 }],
  [{ init: 'corda', rank: 4 }, {}, 'a start by CorDA at rank 4', { init: 'kaiming-uniform' }],
  [{ opt: 'sgd', rank: 1 }, {}, 'SGD at rank 1', { opt: 'adam' }],
  [{ modules: 'in' }, {}, 'an adapter on in alone', { modules: '' }],
  [{ rank: 1 }, {}, 'rank 1', { rank: 8 }],
] as const)('names the setting and offers another: %o', (changes, given, words, remedy) => {
  const notice = noticeOf(changes, { own: 0.1, ...given });
  const [, said] = /^This setting trains badly: (.*)\.$/.exec(notice?.title ?? '') ?? [];
  expect(said).toMatch(words);
  expect(notice?.actions.map(({ event }) => event)).toEqual([{ type: 'retry', changes: remedy }]);
});

it('is known once a run has ended, or once full fine-tuning has too', () => {
  const state = endedState();
  const run = { ...runOf({}, { own: 0.2, full: null }), number: state.run.number };
  const full = runOf({}, { own: 0.2 }).full;
  if (!full) throw new Error('no full run');
  const before = { ...state, run };
  expect(badTrainingNotice(before)).toBeNull();
  const after = play(before, { type: 'full', run: run.number, full });
  expect(badTrainingNotice(after)?.title.slice(0, 26)).toBe('This setting trains badly:');
  expect(badTrainingNotice(play(before, { type: 'full', run: run.number + 1, full }))).toBeNull();
});
