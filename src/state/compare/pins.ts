import type { RunRecord } from '../../experiment/run-file/run-record.ts';
import { diffKeys, withAutoRate } from '../../experiment/settings/experiment.ts';
import { cleanText, nonBlankText } from '../../experiment/settings/kinds.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { newNotice, withNotice, withoutNotices } from '../notices.ts';
import { openedStart, restart, restoreRun } from '../run/begin.ts';
import { compactLive, stepped, undoStep } from '../run/compact-run.ts';
import { settled } from '../run/listed-runs.ts';
import { lastStep } from '../run/run.ts';
import type { State } from '../state.ts';
import type { Compare, CompareEvent, ListedRun, PinnedRun, PinRequest, PointedRun } from './compare.ts';

/** More lines cannot be told apart. */
export const MAX_PINS = 4;
export const MAX_NAME_LENGTH = 40;

export function updateCompare(state: State, event: CompareEvent): State {
  const { compare } = state;
  const { pins, asks } = compare;
  const set = (changes: Partial<Compare>): State => ({ ...state, compare: { ...compare, ...changes } });
  switch (event.does) {
    case 'pin':
      return pinOrUnpin(state);
    case 'unpin':
      return withPins(state, without(pins, event.pin));
    case 'replace':
      if (!asks) return state;
      if (event.pin === null) return set({ asks: null });
      return withPins(
        state,
        pins.map((pin) => (pin.id === event.pin ? asks : pin)),
      );
    case 'make-live':
      return makeLive(state, event.pin);
    case 'name': {
      const own = nonBlankText(cleanText(event.name).trim().slice(0, MAX_NAME_LENGTH)) || null;
      const named = pins.map((pin) => (pin.id === event.pin && pin.own !== own ? { ...pin, own } : pin));
      return named.every((pin, i) => pin === pins[i]) ? state : withPins(state, named);
    }
    case 'train-starts':
      return compare.starts ? set({ starts: { ...compare.starts, doing: 'training' } }) : state;
    case 'starts':
      return set({ starts: event.starts });
    case 'restore':
      return restored(state, event.place);
    case 'pin-listed':
      return pinListed(state, event.place);
    case 'open':
    case 'add':
      return withAsked(state, event.pins, event.does === 'open');
    case 'wait': {
      const { waits } = event;
      const after = set({ pins: pins.map((pin) => (event.pins.includes(pin.id) ? { ...pin, waits } : pin)) });
      return waits ? after : withoutNotices(after, ['pins']);
    }
    case 'trained':
      return set({ pins: pins.map((pin) => (pin.id === event.pin ? { ...pin, run: event.run } : pin)) });
    case 'failed':
      return withFailed(state, event.pin, event.why);
    case 'point':
      return pointAt(state, event.at);
    case 'show':
      return set({ shown: event.shown });
    case 'gradients':
      return set({ gradients: event.of });
    default:
      return event satisfies never;
  }
}

/** Pins requested by their settings. Those of a link replace all others; existing pins stay. */
function withAsked(state: State, asked: readonly PinRequest[], opens: boolean): State {
  const { compare } = state;
  const old = compare.pins;
  const kept = opens ? [] : old;
  const pins = asked.slice(0, MAX_PINS - kept.length).map((one, i): PinnedRun => {
    const known =
      opens && old.find((pin) => pin.own === one.own && diffKeys(pin.experiment, one.experiment).length === 0);
    const fresh = { run: null, id: compare.lastId + 1 + i };
    // A pin that waited for an answer asks again.
    return (known && !known.waits && known) || { ...fresh, ...one };
  });
  if (!opens) return withPins(state, [...kept, ...pins]);
  // Undo of an opened link restores its pins too.
  const past = state.past.map((step, i) => (i === state.past.length - 1 ? { ...step, pins: step.pins ?? old } : step));
  return {
    ...replacePins(state, pins),
    past,
    ...(pins.length > 0 && withPinsShown(state)),
  };
}

/** The pins of a link are shown beside the lab, on a projector too. */
const withPinsShown = ({ view }: State): Pick<State, 'view' | 'presents'> => ({
  view: view.view === 'lab' ? { ...view, view: 'compare' } : view,
  presents: 'compare',
});

function withFailed(state: State, id: number, why: string): State {
  const { pins } = state.compare;
  if (!pins.some((pin) => pin.id === id)) return state;
  const notice = newNotice('run', 'plain', 'A pinned run could not be trained.', [`It was left out: ${why}`]);
  return withNotice(replacePins(state, without(pins, id)), notice);
}

function pointAt(state: State, at: PointedRun | null): State {
  const { compare } = state;
  const pointed = at === 'live' || compare.pins.some(({ id }) => id === at) ? at : null;
  return pointed === compare.pointed ? state : { ...state, compare: { ...compare, pointed } };
}

const without = (pins: readonly PinnedRun[], id: number) => pins.filter((pin) => pin.id !== id);

function withPins(state: State, pins: readonly PinnedRun[]): State {
  const step = { ...undoStep(state, false), pins: state.compare.pins };
  return { ...replacePins(settled(state), pins), ...stepped(state, step) };
}

export function replacePins(state: State, pins: readonly PinnedRun[]): State {
  const { compare } = state;
  const lastId = pins.reduce((last, { id }) => Math.max(last, id), compare.lastId);
  const pointed = compare.pointed === 'live' || pins.some(({ id }) => id === compare.pointed) ? compare.pointed : null;
  const given = withGiven(compare.given, pins);
  return { ...state, compare: { ...compare, pins, lastId, given, pointed, asks: null } };
}

const MOST_GIVEN = 20;
const sameSettings = (a: Experiment, b: Experiment) => diffKeys(a, b).length === 0;

function withGiven(given: Compare['given'], pins: readonly PinnedRun[]): Compare['given'] {
  const others = given.filter(({ experiment }) => !pins.some((pin) => sameSettings(pin.experiment, experiment)));
  const named = pins.filter(({ own }) => own !== null).map(({ own, experiment }) => ({ own, experiment }));
  return [...others, ...named].slice(-MOST_GIVEN);
}

/** The user's name for a pin with these settings; if none, null. */
export function pinName({ given }: Compare, e: Experiment): string | null {
  const settings = withAutoRate(e);
  return given.findLast(({ experiment }) => sameSettings(experiment, settings))?.own ?? null;
}

export function currentPin({ run, compare }: Pick<State, 'run' | 'compare'>): PinnedRun | null {
  const same = (pin: PinnedRun) => pin.run?.origin === run.origin && lastStep(pin.run) === lastStep(run);
  return compare.pins.find(same) ?? null;
}

/** Whether a run was trained in the background: its factors between start and end are unknown. */
export const isBackgroundRun = ({ origin }: RunRecord): boolean => origin === 0;

export function canPin({ run, next }: Pick<State, 'run' | 'next'>): boolean {
  return next === null && run.ready !== null && lastStep(run) > 0;
}

function pinOrUnpin(state: State): State {
  const old = currentPin(state);
  if (old) return withPins(state, without(state.compare.pins, old.id));
  const pin = livePin(state);
  if (!pin) return state;
  return withPin(state, pin);
}

function withPin(state: State, pin: PinnedRun): State {
  const { compare } = state;
  return compare.pins.length < MAX_PINS
    ? withPins(state, [...compare.pins, pin])
    : { ...state, compare: { ...compare, asks: pin, lastId: pin.id } };
}

/** The run on screen as finished data; null if it cannot be pinned. */
function livePin(state: State): PinnedRun | null {
  const run = canPin(state) ? compactLive(state) : null;
  if (!run) return null;
  const { compare, experiment } = state;
  return { id: compare.lastId + 1, own: pinName(compare, experiment), experiment: withAutoRate(experiment), run };
}

export function listedPin({ compare }: Pick<State, 'compare'>, { origin, steps }: ListedRun): PinnedRun | null {
  return compare.pins.find(({ run }) => run?.origin === origin && lastStep(run) === steps) ?? null;
}

function pinListed(state: State, place: number): State {
  const { compare } = state;
  const listed = compare.listed.find((one) => one.place === place);
  if (!listed) return state;
  const old = listedPin(state, listed);
  if (old) return withPins(state, without(compare.pins, old.id));
  const { experiment, run } = listed;
  return withPin(state, { id: compare.lastId + 1, own: pinName(compare, experiment), experiment, run });
}

/** Restores a listed run with its settings; trains it again if its data was dropped. */
function restored(state: State, place: number): State {
  const listed = state.compare.listed.find((one) => one.place === place);
  if (!listed || state.next || (listed.origin === state.run.origin && listed.steps === lastStep(state.run)))
    return state;
  const { experiment, run } = listed;
  const back = run ? restoreRun(state, experiment, run) : restart(state, experiment, openedStart(state, experiment));
  return { ...back, ...stepped(state, undoStep(state, true)) };
}

/** Swaps a pin and the run on screen; one step of undo. */
function makeLive(state: State, id: number): State {
  const pin = state.compare.pins.find((one) => one.id === id);
  if (!pin?.run || state.next) return state;
  const old = livePin(state);
  const pins = state.compare.pins.flatMap((one) => (one === pin ? (old ? [old] : []) : [one]));
  const step = { ...undoStep(state, true), pins: state.compare.pins };
  // A background run has no frames between start and end: train it again on screen.
  const shown = isBackgroundRun(pin.run)
    ? restart(state, pin.experiment, openedStart(state, pin.experiment))
    : restoreRun(state, pin.experiment, pin.run);
  return { ...replacePins(shown, pins), ...stepped(state, step) };
}
