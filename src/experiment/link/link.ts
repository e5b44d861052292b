import { isNetwork } from '../settings/bounds.ts';
import {
  autoOf,
  decide,
  defaults,
  hasAutoAlpha,
  isActive,
  isAutomatic,
  isParamKey,
  param,
} from '../settings/experiment.ts';
import type { Kind, SettingsDraft } from '../settings/kinds.ts';
import { type Experiment, PARAM_KEYS } from '../settings/params.ts';
import type { Rate } from '../settings/rate.ts';
import { decideView, defaultView, isViewKey, VIEW_KEYS, type View, viewParam } from '../settings/view.ts';

const LINK_VERSION = 1;
/** The longest fragment that is read, in characters, apart from a matrix in `data`; and that the address bar holds. */
export const MAX_FRAGMENT = 50_000;
export const MAX_SHARED = 8000;

export const OMISSION_TEXT = 'left out';

export type LinkFault =
  | { readonly kind: 'version'; readonly value: string }
  | { readonly kind: 'no-version' }
  | { readonly kind: 'too-long'; readonly length: number }
  | { readonly kind: 'unknown'; readonly key: string }
  | { readonly kind: 'doubled'; readonly key: string }
  | { readonly kind: 'inactive'; readonly key: string }
  /** A part of a key's value: "rank:900", and a text on it. */
  | { readonly kind: 'part'; readonly key: string; readonly part: string; readonly said: string }
  | {
      readonly kind: 'value';
      readonly key: string;
      readonly value: string;
      readonly allowed: string;
      readonly kept: string;
    };

export interface OpenedLink {
  readonly experiment: Experiment;
  readonly view: View;
  readonly faults: readonly LinkFault[];
}

/**
 * Reads a fragment (with or without its #). A link is hostile until checked: nothing is clamped, a fault keeps that
 * key's default, and all the rest is honoured. `data` is checked when it is decompressed; if it is unreadable, the link
 * is read again `without` it, so that the setting it overrode counts.
 */
export function parseLink(fragment: string, without?: 'data'): OpenedLink {
  const whole = fragment.replace(/^#/, '');
  const none = { experiment: defaults(), view: defaultView() };
  const { text, matrix } = whole.length > MAX_FRAGMENT ? setAside(whole) : { text: whole, matrix: null };
  if (text.length > MAX_FRAGMENT) return { ...none, faults: [{ kind: 'too-long', length: text.length }] };
  const { given, faults } = collect(text);
  if (matrix !== null && given.has('data')) faults.push({ kind: 'doubled', key: 'data' });
  if (matrix !== null) given.set('data', matrix);
  if (without) given.delete(without);
  const frozen = readFrozen(given, faults);
  const version = given.get('v');
  if (version !== undefined && version !== String(LINK_VERSION))
    return { ...none, faults: [{ kind: 'version', value: version }] };
  // View keys mean the same in every version.
  const viewAlone = given.size > 0 && [...given.keys()].every(isViewKey);
  if (version === undefined && !viewAlone) faults.push({ kind: 'no-version' });
  const read = decide((key, draft) => {
    const value = given.get(key);
    if (value !== undefined && isActive(key, draft)) return readValue(key, param(key), value, draft, faults);
    if (value !== undefined) faults.push({ kind: 'inactive', key: key === 'train' && frozen ? 'freeze' : key });
    return param(key).default(draft);
  });
  const hasAlpha = given.has('alpha') && !faults.some((fault) => fault.kind === 'value' && fault.key === 'alpha');
  const followsRank = isNetwork(read) && (hasAutoAlpha(read) || !hasAlpha || !isActive('alpha', read));
  const experiment = { ...read, auto: autoOf(read.lr !== null && isAutomatic(read), followsRank) };
  const view = decideView((key) => {
    const value = given.get(key);
    const p = viewParam(key);
    return value === undefined ? p.default(experiment) : readValue(key, p, value, experiment, faults);
  });
  return { experiment, view, faults };
}

/** `freeze`, the factor that does not train, is another word for `train`, the one that does. Whether it was read so. */
function readFrozen(given: Map<string, string>, faults: LinkFault[]): boolean {
  const key = 'freeze';
  const value = given.get(key);
  given.delete(key);
  if (value === undefined) return false;
  if (value !== 'A' && value !== 'B')
    faults.push({ kind: 'value', key, value, allowed: 'A or B', kept: OMISSION_TEXT });
  else if (given.has('train')) faults.push({ kind: 'part', key, part: value, said: 'train counts.' });
  else given.set('train', value === 'A' ? 'B' : 'A');
  return true;
}

/** A long link without its first `data`, and that: millions of characters that need no decoding. */
function setAside(whole: string): { text: string; matrix: string | null } {
  const at = whole.startsWith('data=') ? 0 : whole.indexOf('&data=') + 1;
  if (at === 0 && !whole.startsWith('data=')) return { text: whole, matrix: null };
  const end = whole.indexOf('&', at);
  const stop = end < 0 ? whole.length : end;
  return { text: whole.slice(0, at) + whole.slice(stop + 1), matrix: whole.slice(at + 'data='.length, stop) };
}

function collect(text: string): { given: Map<string, string>; faults: LinkFault[] } {
  const given = new Map<string, string>();
  const unknown = new Set<string>();
  const doubled = new Set<string>();
  for (const [key, value] of new URLSearchParams(text)) {
    if (key !== 'v' && key !== 'freeze' && !isParamKey(key) && !isViewKey(key)) unknown.add(key);
    else if (given.has(key)) doubled.add(key);
    else given.set(key, value);
  }
  const faults: LinkFault[] = [
    ...[...unknown].map((key) => ({ kind: 'unknown' as const, key })),
    ...[...doubled].map((key) => ({ kind: 'doubled' as const, key })),
  ];
  return { given, faults };
}

function readValue(key: string, p: Kind<unknown>, value: string, draft: SettingsDraft, faults: LinkFault[]): unknown {
  const read = p.read(value, draft);
  if ('value' in read) return read.value;
  const kept = p.default(draft);
  const shown = p.write(kept) ?? p.absent ?? OMISSION_TEXT;
  faults.push({ kind: 'value', key, value, allowed: read.fault, kept: shown });
  return kept;
}

type LinkPair = readonly [key: string, text: string];

function withRate(e: Experiment, rate: Rate | null): Experiment {
  return e.lr === null && rate !== null ? { ...e, lr: rate, auto: autoOf(true, hasAutoAlpha(e)) } : e;
}

/** Every active setting, including defaults, without `data`. */
function settingPairs(e: Experiment): LinkPair[] {
  return PARAM_KEYS.flatMap((key) => {
    if (key === 'data' || !isActive(key, e)) return [];
    const p = param(key);
    if (p.omitsDefault?.(e) && Object.is(e[key], p.default(e))) return [];
    const value =
      key === 'auto' ? autoOf(e.lr !== null && isAutomatic(e), isActive('alpha', e) && hasAutoAlpha(e)) : e[key];
    const text = p.write(value);
    return text === null ? [] : [[key, text] as const];
  });
}

/** The view keys that are not at their default, and always the pace. */
function viewPairs(view: View): LinkPair[] {
  const usual = defaultView();
  return VIEW_KEYS.flatMap((key) => {
    const isOmitted = key !== 'pace' && Object.is(view[key], usual[key]);
    const text = isOmitted ? null : viewParam(key).write(view[key]);
    return text === null ? [] : [[key, text] as const];
  });
}

function fragment(pairs: readonly LinkPair[], e: Experiment): string {
  const all = new URLSearchParams([['v', String(LINK_VERSION)], ...pairs.map(([key, text]) => [key, text])]);
  // Commas, colons, semicolons and slashes are allowed in a fragment, and a link should be readable.
  const rest = `#${all}`.replace(/%2C/g, ',').replace(/%3A/g, ':').replace(/%3B/g, ';').replace(/%2F/g, '/');
  // Base64url needs no encoding, and may be long.
  return e.data !== '' && isActive('data', e) ? `${rest}&data=${e.data}` : rest;
}

/**
 * The link of an experiment and its view, with its #: every active parameter, `data` last. `rate` is the learning rate
 * in force if the experiment leaves it derived (null: still unknown, then `lr` is left out).
 */
export function writeLink(e: Experiment, view: View, rate: Rate | null): string {
  return fragment([...settingPairs(withRate(e, rate)), ...viewPairs(view)], e);
}

/** The settings alone, without a derived rate: two experiments with the same one have the same runs, step for step. */
export function settingsLink(e: Experiment): string {
  return fragment(settingPairs({ ...e, auto: '' }), e);
}

/** All keys as JSON numbers and strings, for the run file; omitted keys have no entry. */
export function configOf(e: Experiment, view: View, rate: Rate | null): Record<string, number | string> {
  const config: Record<string, number | string> = { v: LINK_VERSION };
  for (const [key, value] of Object.entries({ ...withRate(e, rate), ...view })) {
    if (value === null || value === '') continue;
    config[key] = typeof value === 'boolean' ? Number(value) : value === Number.POSITIVE_INFINITY ? 'max' : value;
  }
  return config;
}
