import { choice, flag, type Kind, number, text, type ValueOf } from './kinds.ts';
import { SETTINGS } from './params.ts';

/** The names of the lessons; src/lessons/ has their text. */
const LESSONS: readonly string[] = ['what-is-lora'];

/**
 * How an experiment is looked at: what a link may say beside its settings. A change of it makes no other run, and is no
 * step of undo.
 */
const VIEW = {
  pace: number({
    key: 'pace',
    label: 'Pace',
    help: 'Steps per second on screen.',
    min: 0.1,
    max: 1000,
    scale: 'log',
    special: 'max',
    default: 50,
  }),
  run: flag({
    key: 'run',
    label: 'Start at once',
    help: 'Training starts as soon as the link is opened.',
    quiet: true,
    default: false,
  }),
  show: text({
    key: 'show',
    label: 'Controls',
    help: 'Controls to show, as a comma-separated list of keys. All others are hidden. If left out: all controls, or only the rank in an embedded page.',
    quiet: true,
    pattern: /^[a-z0-9]+(,[a-z0-9]+)*$/,
    longest: 200,
    fits: areKeys,
    allowed: 'a comma-separated list of keys, such as rank,alpha',
  }),
  view: choice({
    key: 'view',
    label: 'View',
    help: 'The full lab, large for a projector, or without toolbars for embedding.',
    quiet: true,
    names: { lab: 'lab', present: 'present', embed: 'embed' },
    default: 'lab',
  }),
  lesson: text({
    key: 'lesson',
    label: 'Lesson',
    help: 'The lesson that is open beside the lab.',
    quiet: true,
    pattern: /^[a-z0-9-]+$/,
    longest: 40,
    fits: (name) => LESSONS.includes(name),
    allowed: 'the name of a lesson: what-is-lora',
  }),
  origin: text({
    key: 'origin',
    label: 'Origins',
    help: 'Origins allowed to control the embedded page: a comma-separated list of exact origins, or null.',
    quiet: true,
    pattern: /^(null|https?:\/\/[A-Za-z0-9.:[\]-]+)(,(null|https?:\/\/[A-Za-z0-9.:[\]-]+))*$/,
    longest: 1000,
    allowed: 'a comma-separated list of exact origins such as https://example.org, or null',
  }),
};

export type ViewKey = keyof typeof VIEW;
export const VIEW_KEYS = Object.keys(VIEW) as ViewKey[];

/** A comma list of keys: any other would name no control. */
function areKeys(list: string): boolean {
  return list.split(',').every((key) => Object.hasOwn(SETTINGS, key) || isViewKey(key));
}

export function isViewKey(key: string): key is ViewKey {
  return Object.hasOwn(VIEW, key);
}

export type View = { readonly [K in ViewKey]: ValueOf<(typeof VIEW)[K]> };

/** The entry of the table, its value's type forgotten. */
export function viewParam(key: ViewKey): Kind<unknown> {
  return VIEW[key] as unknown as Kind<unknown>;
}

/** Decides every key of the view. */
export function decideView(pick: (key: ViewKey) => unknown): View {
  return Object.fromEntries(VIEW_KEYS.map((key) => [key, pick(key)])) as View;
}
