import type { DoneMessage } from '../engine/protocol/worker-messages.ts';
import { faultRemarks, isRefusal, type Remark, refusalTexts } from '../experiment/link/faults.ts';
import type { LinkFault } from '../experiment/link/link.ts';
import { allDigits, count, duration, exactText, round } from '../experiment/numbers.ts';
import { initRemedy } from '../experiment/settings/availability.ts';
import { isInFloat16 } from '../experiment/settings/bounds.ts';
import { isExercise } from '../experiment/settings/exercise.ts';
import { type Experiment, SETTINGS } from '../experiment/settings/params.ts';
import { leastOf, roundDown } from '../experiment/settings/rate.ts';
import type { Refusal } from '../experiment/targets/target.ts';
import type { NewNotice, PageEvent } from './events.ts';
import { isLab, placeOf } from './places.ts';
import { targetNorm } from './run/run.ts';
import { estimatedSeconds, proposedRate, rateOf } from './select.ts';
import type { Notice, State } from './state.ts';

export function newNotice(
  about: Notice['about'],
  tone: Notice['tone'],
  title: string,
  texts: Notice['texts'] = [],
  actions: readonly (readonly [label: string, event: PageEvent])[] = [],
): NewNotice {
  return { about, tone, title, texts, actions: actions.map(([label, event]) => ({ label, event })) };
}

export const noticeEvent = (...notice: Parameters<typeof newNotice>): PageEvent => ({
  type: 'notice',
  notice: newNotice(...notice),
});

export function withNotice(state: State, notice: NewNotice): State {
  const id = 1 + Math.max(0, ...state.notices.map((n) => n.id));
  const place = placeOf(state.view).label;
  return { ...state, notices: [...state.notices.filter((n) => n.about !== notice.about), { ...notice, id, place }] };
}

export function withoutNotices(state: State, about: readonly Notice['about'][]): State {
  const notices = state.notices.filter((n) => !about.includes(n.about));
  return notices.length === state.notices.length ? state : { ...state, notices };
}

export function linkNotices(faults: readonly LinkFault[]): NewNotice[] {
  if (faults.length === 0) return [];
  const [first] = faults;
  if (isRefusal(first)) {
    const [title, instead] = refusalTexts(first);
    return [newNotice('link', 'bad', title, [instead])];
  }
  const copy = ['Copy corrected link', { type: 'command', command: 'copy-link' }] as const;
  const count = faults.length === 1 ? 'One setting in the link was' : `${faults.length} settings in the link were`;
  if (faults.length === 1 && first.kind === 'inactive')
    return [newNotice('link', 'plain', `${count} ignored: ${first.key} has no effect here.`, [], [copy])];
  return [newNotice('link', 'plain', `${count} corrected.`, faultRemarks(faults), [copy])];
}

/** Without the notice on a link's corrections, once one of the settings that it names is changed. */
export function withoutCorrections(state: State, changes: Partial<Experiment>): State {
  const names = (remark: Remark) => typeof remark !== 'string' && remark.setting.split('=')[0] in changes;
  const named = state.notices.some(({ about, texts }) => about === 'link' && texts.some(names));
  return named ? withoutNotices(state, ['link']) : state;
}

/** A complaint of the clinic that a run is; out of no lesson, exercise or frame. */
const complaint = ({ view }: State, name: 'nan' | 'zeros') =>
  isLab(view) && view.lesson === '' && !isExercise(view)
    ? [['In the clinic', { type: 'viewed', changes: { view: 'clinic', case: name } }] as const]
    : [];

/** A run that moved nothing, with the way to the clinic if it can be shown; null: it has none. */
export function deadNotice(state: State): NewNotice | null {
  const ways = complaint(state, 'zeros');
  return ways.length > 0 ? newNotice('run', 'plain', 'A = B = 0: nothing moved.', [], ways) : null;
}

/** Diverged: the cause, the state on screen, up to two one-click remedies, and in the lab the way to the clinic. */
export function divergedNotice(state: State, { step, loss }: Pick<DoneMessage, 'step' | 'loss'>): NewNotice {
  const rate = leastOf(rateOf(state) ?? 0.01);
  const derived = leastOf(proposedRate(state) ?? rate);
  const smaller = roundDown(Math.min(derived, rate / 3));
  const alpha = roundDown(state.experiment.alpha / 4);
  const allowed = alpha >= SETTINGS.alpha.min(state.experiment);
  const said = `${whyDiverged(state, loss ?? Number.NaN)} You see step ${step}, the last good state.`;
  const slower = [`Try learning rate ${exactText(smaller)}`, { type: 'retry', changes: { lr: smaller } }] as const;
  const weaker = [`Try α = ${allDigits(alpha)}`, { type: 'retry', changes: { alpha } }] as const;
  const scale = lessScale(state.experiment);
  const remedies = scale ? [scale, slower] : allowed ? [slower, weaker] : [slower];
  const ways = [...remedies, ...complaint(state, 'nan')];
  return newNotice('run', 'bad', `Training diverged at step ${step + 1}.`, [said], ways);
}

/** The gradients of a large loss scale are the first to overflow. */
function lessScale(e: Experiment) {
  if (!isInFloat16(e) || e.lossscale <= 1) return null;
  const lossscale = Math.max(1, e.lossscale / 64);
  return [`Try loss scale ${exactText(lossscale)}`, { type: 'retry', changes: { lossscale } }] as const;
}

/** The limit is 10⁶·max(L₀, ½‖ΔW*‖²): names the larger one, or reports a loss that is not finite. */
function whyDiverged({ run, experiment }: State, loss: number): string {
  if (!Number.isFinite(loss))
    return isInFloat16(experiment) ? 'A number passed 65,504, the largest of float16.' : 'The loss overflowed float32.';
  const norm = run.ready ? targetNorm(run.ready) : 0;
  // If B = 0, both are equal up to rounding.
  const start = run.trace.series.loss[0] >= (0.999 * norm * norm) / 2 ? 'its starting value' : '½‖ΔW*‖²';
  return `The loss reached ${round(loss, 2)}, over a million times ${start}.`;
}

export const RELOAD = ['Reload', { type: 'command', command: 'reload' }] as const;

/** A part that is loaded on demand failed to load: the server is unreachable, or has a newer build. */
export function loadFailureNotice(): PageEvent {
  const text = 'The server did not answer, or it has a newer version. Reload the page and try again.';
  return noticeEvent('build', 'bad', 'A part of this page could not be loaded.', [text], [RELOAD]);
}
const USE_PROCESSOR = ['Use the processor', { type: 'choose', choice: { backend: 'cpu', stepper: null } }] as const;

export function deviceLostNotice(step: number): NewNotice {
  const kept =
    'The run up to that step is kept. Training can continue from there, on the graphics device or on the processor.';
  const ways = [['Continue', { type: 'train' }] as const, USE_PROCESSOR];
  return newNotice('run', 'bad', `The graphics device was lost at step ${step}.`, [kept], ways);
}

export function bugNotice(why: string): NewNotice {
  const texts = [
    `${why} What has been trained so far is kept on this page.`,
    'Press Train to restart the engine, or reload the page.',
  ];
  return newNotice('run', 'bad', 'The engine stopped.', texts, [USE_PROCESSOR, RELOAD]);
}

/** An impossible initialisation: one click sets the nearest setting that allows it; otherwise the worker's offer. */
export function refusalNotice(refused: Experiment, { why, way: offered }: Refusal): NewNotice {
  const nearest = initRemedy(refused.init, refused);
  const way = nearest ? { label: `Use ${nearest.words}`, changes: nearest.changes } : offered;
  const ways = way ? [[way.label, { type: 'changed', changes: { ...refused, ...way.changes } }] as const] : [];
  return newNotice('run', 'bad', 'This experiment is not possible.', [why], ways);
}

/** A fallback back end: which one, why, and the consequences. */
export function engineNotice(state: State): NewNotice | null {
  const engine = state.run.engine;
  if (!engine?.why) return null;
  const where = { webgpu: 'WebGPU', wasm: 'the processor, in WebAssembly', cpu: 'the processor' }[engine.backend];
  const ms = state.run.secondsPerStep * 1000;
  const speed = ms > 0 ? ` A step takes about ${ms.toPrecision(2)} ms on this device.` : '';
  const said = `${engine.why} Everything works and the curves are the same.${speed}`;
  const more = ['What is different?', { type: 'panel', panel: { name: 'difference' } }] as const;
  return newNotice('engine', 'plain', `Running on ${where}.`, [said], [more]);
}

/** Longer runs, in seconds, ask before they start. */
export const LONG_SECONDS = 60;
export const LARGE_BYTES = 500e6;

/** A run that would take more than about a minute or 500 MB on this device asks before it starts. */
export function longRunNotice(state: State): NewNotice | null {
  const seconds = estimatedSeconds(state);
  const bytes = state.run.ready?.bytes ?? 0;
  const { steps } = state.experiment;
  if (seconds <= LONG_SECONDS && bytes <= LARGE_BYTES) return null;
  const time = seconds < 1 ? 'less than a second' : `about ${duration(seconds)}`;
  const title = seconds > LONG_SECONDS ? 'This run will take a while.' : 'This run needs a lot of memory.';
  const cost = `${steps === 1 ? 'One step' : `${count(steps)} steps`} will take ${time} at full speed and use ${Math.round(bytes / 1e6)} MB.`;
  const texts = [`${cost} Press Train to start, or choose fewer steps or a smaller matrix.`];
  return newNotice('run', 'plain', title, texts, [['Train', { type: 'train' }]]);
}
