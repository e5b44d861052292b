import { decide, isActive, isParamKey, param } from './experiment.ts';
import type { Draft } from './kinds.ts';
import { type Experiment, PARAM_KEYS, type ParamKey } from './params.ts';

export const LINK_VERSION = 1;
/** The longest fragment that is read at all, in characters. */
export const LONGEST_READ = 50_000;
/** The longest link that sharing offers, in characters. */
export const LONGEST_SHARED = 8000;

/** What a link had to say. Each names what it got and what is allowed. */
export type LinkFault =
  | { readonly kind: 'version'; readonly value: string }
  | { readonly kind: 'no-version' }
  | { readonly kind: 'too-long'; readonly length: number }
  | { readonly kind: 'unknown'; readonly key: string }
  | { readonly kind: 'doubled'; readonly key: string }
  | { readonly kind: 'inactive'; readonly key: string }
  | {
      readonly kind: 'value';
      readonly key: string;
      readonly value: string;
      readonly allowed: string;
      readonly kept: string;
    };

export interface OpenedLink {
  readonly experiment: Experiment;
  readonly faults: readonly LinkFault[];
}

/**
 * Reads a fragment (with or without its #). A link is hostile until checked: nothing is clamped, a fault keeps that
 * key's default, and all the rest is honoured. The drawing in `data` is checked later, when it is decompressed.
 */
export function parseLink(fragment: string): OpenedLink {
  const text = fragment.replace(/^#/, '');
  const none = { experiment: decide((key, draft) => param(key).default(draft)) };
  if (text.length > LONGEST_READ) return { ...none, faults: [{ kind: 'too-long', length: text.length }] };
  const { given, faults } = collect(text);
  const version = given.get('v');
  if (version !== undefined && version !== String(LINK_VERSION))
    return { ...none, faults: [{ kind: 'version', value: version }] };
  if (version === undefined) faults.push({ kind: 'no-version' });
  const experiment = decide((key, draft) => readValue(key, given.get(key), draft, faults));
  return { experiment, faults };
}

function collect(text: string): { given: Map<string, string>; faults: LinkFault[] } {
  const given = new Map<string, string>();
  const unknown = new Set<string>();
  const doubled = new Set<string>();
  for (const [key, value] of new URLSearchParams(text)) {
    if (key !== 'v' && !isParamKey(key)) unknown.add(key);
    else if (given.has(key)) doubled.add(key);
    else given.set(key, value);
  }
  const faults: LinkFault[] = [
    ...[...unknown].map((key) => ({ kind: 'unknown' as const, key })),
    ...[...doubled].map((key) => ({ kind: 'doubled' as const, key })),
  ];
  return { given, faults };
}

function readValue(key: ParamKey, value: string | undefined, draft: Draft, faults: LinkFault[]): unknown {
  const p = param(key);
  if (value === undefined) return p.default(draft);
  if (!isActive(key, draft)) {
    faults.push({ kind: 'inactive', key });
    return p.default(draft);
  }
  const read = p.read(value, draft);
  if ('value' in read) return read.value;
  const kept = p.default(draft);
  faults.push({ kind: 'value', key, value, allowed: read.fault, kept: p.write(kept) ?? 'left out' });
  return kept;
}

/**
 * The link of an experiment, with its #: every active parameter, defaults included, `data` last. `rate` is the learning
 * rate that is in force where the experiment leaves it derived (null: not known yet, then `lr` is left out).
 */
export function writeLink(e: Experiment, rate: number | null): string {
  const pairs = [['v', String(LINK_VERSION)]];
  const inOrder = [...PARAM_KEYS.filter((key) => key !== 'data'), 'data' as const];
  for (const key of inOrder) {
    const p = param(key);
    if (!isActive(key, e) || (p.quiet && Object.is(e[key], p.default(e)))) continue;
    const text = p.write(key === 'lr' ? (e.lr ?? rate) : e[key]);
    if (text !== null) pairs.push([key, text]);
  }
  // Commas, colons and slashes are allowed in a fragment, and a link is to be read by people.
  return `#${new URLSearchParams(pairs)}`.replace(/%2C/g, ',').replace(/%3A/g, ':').replace(/%2F/g, '/');
}

/** All keys as JSON numbers and strings, for the run file; what is left out has no entry. */
export function configOf(e: Experiment, rate: number | null): Record<string, number | string> {
  const config: Record<string, number | string> = { v: LINK_VERSION };
  for (const key of PARAM_KEYS) {
    const value = key === 'lr' ? (e.lr ?? rate) : e[key];
    if (value === null || value === '') continue;
    config[key] = typeof value === 'boolean' ? Number(value) : value === Number.POSITIVE_INFINITY ? 'max' : value;
  }
  return config;
}
