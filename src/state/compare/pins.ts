import type { RunRecord } from '../../experiment/run-file/run-record.ts';
import { differing, following } from '../../experiment/settings/experiment.ts';
import { seen, withoutSteering } from '../../experiment/settings/kinds.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { newNotice, withNotice, withoutNotices } from '../notices.ts';
import { bringBack, isOverAtOnce, restart } from '../run/begin.ts';
import { keptRun, standing, stepped } from '../run/kept.ts';
import { settled } from '../run/listed.ts';
import { lastStep } from '../run/run.ts';
import type { State } from '../state.ts';
import type { Compare, CompareEvent, ListedRun, Pinned, PinRequest, Pointed } from './compare.ts';

/** More lines than that nobody tells apart. */
export const MOST_PINS = 4;
export const LONGEST_NAME = 40;

/** The lab after an event of comparing. */
export function onCompare(state: State, event: CompareEvent): State {
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
      const own = seen(withoutSteering(event.name).trim().slice(0, LONGEST_NAME)) || null;
      const named = pins.map((pin) => (pin.id === event.pin && pin.own !== own ? { ...pin, own } : pin));
      return named.every((pin, i) => pin === pins[i]) ? state : withPins(state, named);
    }
    case 'train-starts':
      return compare.starts ? set({ starts: { ...compare.starts, doing: 'training' } }) : state;
    case 'starts':
      return set({ starts: event.starts });
    case 'list':
      return set({ list: event.open });
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

/** Pins that are asked for by their settings. Those of a link take the place of all others; what is pinned already stays. */
function withAsked(state: State, asked: readonly PinRequest[], opens: boolean): State {
  const { compare } = state;
  const old = compare.pins;
  const kept = opens ? [] : old;
  const pins = asked.slice(0, MOST_PINS - kept.length).map((one, i): Pinned => {
    const known =
      opens && old.find((pin) => pin.own === one.own && differing(pin.experiment, one.experiment).length === 0);
    const fresh = { run: null, id: compare.lastId + 1 + i };
    // What waited for an answer asks anew.
    return (known && !known.waits && known) || { ...fresh, ...one };
  });
  if (!opens) return withPins(state, [...kept, ...pins]);
  // Undo of what was opened brings the pins of before back too.
  const past = state.past.map((step, i) => (i === state.past.length - 1 ? { ...step, pins: step.pins ?? old } : step));
  return {
    ...pinnedAs(state, pins),
    past,
    screen: pins.length > 0 && state.screen === 'lab' ? 'compare' : state.screen,
  };
}

/** A pin that cannot be trained is left out, and why is said. */
function withFailed(state: State, id: number, why: string): State {
  const { pins } = state.compare;
  if (!pins.some((pin) => pin.id === id)) return state;
  const notice = newNotice('run', 'plain', 'A pinned run could not be trained.', [`It was left out: ${why}`]);
  return withNotice(pinnedAs(state, without(pins, id)), notice);
}

function pointAt(state: State, at: Pointed | null): State {
  const { compare } = state;
  const pointed = at === 'live' || compare.pins.some(({ id }) => id === at) ? at : null;
  return pointed === compare.pointed ? state : { ...state, compare: { ...compare, pointed } };
}

const without = (pins: readonly Pinned[], id: number) => pins.filter((pin) => pin.id !== id);

/** With other pins: a step of undo. */
function withPins(state: State, pins: readonly Pinned[]): State {
  const step = { ...standing(state, false), pins: state.compare.pins };
  return { ...pinnedAs(settled(state), pins), ...stepped(state, step) };
}

/** With other pins, as undo and redo change them. */
export function pinnedAs(state: State, pins: readonly Pinned[]): State {
  const { compare } = state;
  const lastId = pins.reduce((last, { id }) => Math.max(last, id), compare.lastId);
  const pointed = compare.pointed === 'live' || pins.some(({ id }) => id === compare.pointed) ? compare.pointed : null;
  const given = withGiven(compare.given, pins);
  return { ...state, compare: { ...compare, pins, lastId, given, pointed, asks: null } };
}

/** So many names are remembered. */
const MOST_GIVEN = 20;
const sameSettings = (a: Experiment, b: Experiment) => differing(a, b).length === 0;

/** Names with those of these pins; an emptied one is forgotten. */
function withGiven(given: Compare['given'], pins: readonly Pinned[]): Compare['given'] {
  const others = given.filter(({ experiment }) => !pins.some((pin) => sameSettings(pin.experiment, experiment)));
  const named = pins.filter(({ own }) => own !== null).map(({ own, experiment }) => ({ own, experiment }));
  return [...others, ...named].slice(-MOST_GIVEN);
}

/** The name that a person gave to a run with these settings as a pin; null where nobody did. */
export function givenName({ given }: Compare, e: Experiment): string | null {
  const settings = following(e);
  return given.findLast(({ experiment }) => sameSettings(experiment, settings))?.own ?? null;
}

/** The pin of the run on screen as it stands; null where it has none. */
export function pinOfLive({ run, compare }: Pick<State, 'run' | 'compare'>): Pinned | null {
  const same = (pin: Pinned) => pin.run?.origin === run.origin && lastStep(pin.run) === lastStep(run);
  return compare.pins.find(same) ?? null;
}

/** Whether a run was trained in the background: nothing is known of its factors on the way. */
export const isQuiet = ({ origin }: RunRecord): boolean => origin === 0;

/** Whether the run on screen may be pinned: it has moved, and no other one is being made. */
export function canPin({ run, next }: Pick<State, 'run' | 'next'>): boolean {
  return next === null && run.ready !== null && lastStep(run) > 0;
}

function pinOrUnpin(state: State): State {
  const old = pinOfLive(state);
  if (old) return withPins(state, without(state.compare.pins, old.id));
  const pin = livePin(state);
  if (!pin) return state;
  return withPin(state, pin);
}

/** With one more pin; where there are too many, asks which one it takes the place of. */
function withPin(state: State, pin: Pinned): State {
  const { compare } = state;
  return compare.pins.length < MOST_PINS
    ? withPins(state, [...compare.pins, pin])
    : { ...state, compare: { ...compare, asks: pin, lastId: pin.id } };
}

/** The run on screen as finished data; null where it cannot be pinned. */
function livePin(state: State): Pinned | null {
  const run = canPin(state) ? keptRun(state) : null;
  if (!run) return null;
  const { compare, experiment } = state;
  return { id: compare.lastId + 1, own: givenName(compare, experiment), experiment: following(experiment), run };
}

/** Whether a pin is of this run of the list. */
export function pinOfListed({ compare }: Pick<State, 'compare'>, { origin, steps }: ListedRun): Pinned | null {
  return compare.pins.find(({ run }) => run?.origin === origin && lastStep(run) === steps) ?? null;
}

/** Pins a run of the list, or takes its pin away. */
function pinListed(state: State, place: number): State {
  const { compare } = state;
  const listed = compare.listed.find((one) => one.place === place);
  if (!listed) return state;
  const old = pinOfListed(state, listed);
  if (old) return withPins(state, without(compare.pins, old.id));
  const { experiment, run } = listed;
  return withPin(state, { id: compare.lastId + 1, own: givenName(compare, experiment), experiment, run });
}

/** Brings a run of the list back with its settings, or trains it again where it is not kept. */
function restored(state: State, place: number): State {
  const listed = state.compare.listed.find((one) => one.place === place);
  if (!listed || state.next || (listed.origin === state.run.origin && listed.steps === lastStep(state.run)))
    return state;
  const { experiment, run } = listed;
  const begins = isOverAtOnce(state.run, experiment) ? 'again' : 'yes';
  const back = run ? bringBack(state, experiment, run) : restart(state, experiment, begins);
  return { ...back, ...stepped(state, standing(state, true)) };
}

/** A pin comes on screen, and the run that was there takes its place among the pins; one step of undo. */
function makeLive(state: State, id: number): State {
  const pin = state.compare.pins.find((one) => one.id === id);
  if (!pin?.run || state.next) return state;
  const old = livePin(state);
  const pins = state.compare.pins.flatMap((one) => (one === pin ? (old ? [old] : []) : [one]));
  const step = { ...standing(state, true), pins: state.compare.pins };
  // Of one that was trained in the background nothing is known on the way: it is trained again, where it can be watched.
  const begins = isOverAtOnce(state.run, pin.experiment) ? 'again' : 'yes';
  const shown = isQuiet(pin.run) ? restart(state, pin.experiment, begins) : bringBack(state, pin.experiment, pin.run);
  return { ...pinnedAs(shown, pins), ...stepped(state, step) };
}
