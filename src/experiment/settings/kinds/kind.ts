/** What a change does: redraw, act on the running trainer, or start again from new matrices. */
export type Effect = 'view' | 'tune' | 'restart';

/** The settings that bounds and defaults may look at, as far as they have been decided (table order). */
export interface Draft {
  readonly target: string;
  readonly init: string;
  readonly opt: string;
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  readonly law: string;
  readonly data: string;
  readonly samples: number;
}

/** `value` is what was read; `fault` says what is allowed, for a notice. */
export type Read<T> = { readonly value: T } | { readonly fault: string };

/** What every kind says of itself. */
export interface Words {
  readonly key: string;
  readonly label: string;
  /** One sentence, shown beside the control and in docs/links.md. */
  readonly help: string;
  readonly effect: Effect;
  /** False where the target, initialisation or optimiser has no use for it; left out: always active. */
  readonly active?: (e: Draft) => boolean;
  /** True for view keys that a link leaves out while they have their default. */
  readonly quiet?: boolean;
}

/**
 * How a value is read from a link, checked against its bounds, and written back. A parameter of the table in params.ts
 * is one of the kinds in this folder, with its words and bounds.
 */
export interface Kind<T> extends Words {
  readonly kind: 'integer' | 'number' | 'choice' | 'flag' | 'text';
  readonly default: (e: Draft) => T;
  /** Reads a value as a link writes it. Never clamps: out of range is a fault. */
  readonly read: (text: string, e: Draft) => Read<T>;
  /** Writes a value as a link holds it; null where the key is left out. */
  readonly write: (value: T) => string | null;
  /** What it is where the key is left out: "derived". */
  readonly absent?: string;
  /** Checks a value that did not come from text, e.g. from JSON or a slider. */
  readonly check: (value: unknown, e: Draft) => Read<T>;
  /** What is allowed, in words: "1 to 64". */
  readonly allowed: (e: Draft) => string;
}
