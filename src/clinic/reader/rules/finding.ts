import { exactText } from '../../../experiment/numbers.ts';
import type { CaseName } from '../../cases/case.ts';
import { FIELDS, type FieldName } from '../fields.ts';
import type { PastedRun, Syntax } from '../read.ts';
import type { Span } from '../syntax/node.ts';

/** A rule that holds for what was pasted. */
export interface RuleFinding {
  readonly name: CaseName;
  readonly sure: 'likely' | 'possible';
  /** Orders findings: of two that are likely, the one that rests on a measured loss is first. 0 to 100. */
  readonly weight: number;
  /** One sentence with its numbers. */
  readonly reason: string;
  /** If it were so, this would be seen as well. */
  readonly expect: string;
  /** Places of the text that it rests on, at least one. */
  readonly evidence: readonly Span[];
}

/** A setting in a sentence: "0.25", "0.003", "2·10⁻⁴", "10⁻⁵". */
export const written = (value: number): string => exactText(Number(value.toPrecision(3)));

const PATTERNS = {
  command: (key, value) => `--${key}${value === 'true' ? '' : ` ${value}`}`,
  TOML: (key, value) => `${key} = ${value}`,
  YAML: (key, value) => `${key}: ${value}`,
  JSON: (key, value) => `"${key}": ${value}`,
  Python: (key, value) => `${key}=${value === 'true' ? 'True' : value}`,
  'list of settings': (key, value) => `${key} = ${value}`,
} as const satisfies Record<Syntax, (key: string, value: string) => string>;

/**
 * A setting as a person would write it next to what was pasted: “--network_alpha 16”, “lora_alpha: 32”. The key is the
 * one that was read, or else that of the tool. Null: the tool has none, or no tool was read.
 */
export function settingWords(
  { tool, syntax, settings }: PastedRun,
  field: FieldName,
  value: number | string | true,
): string | null {
  if (!tool || !syntax) return null;
  const keys: { readonly [name in typeof tool | 'trainer']?: readonly string[] } = FIELDS[field].keys;
  const trainer = tool === 'peft' || tool === 'llamafactory' ? keys.trainer?.[0] : undefined;
  const key = settings[field]?.key ?? trainer ?? keys[tool]?.[0];
  const plain = typeof value === 'number' && value > 0 && value < 1e-3 ? value.toExponential() : String(value);
  const written = typeof value === 'string' && !/command|YAML/.test(syntax) ? `"${plain}"` : plain;
  return key ? `“${PATTERNS[syntax](key, written)}”` : null;
}

/** Those that the tool has, as a sentence: "Write “a: 1”, or “b: true”." Empty: it has none. */
export function advice(words: readonly (string | null)[], why = ''): string {
  const known = words.filter((one) => one !== null);
  return known.length === 0 ? '' : ` Write ${known.join(', or ')}${why}.`;
}
