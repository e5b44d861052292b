import type { Draft, Kind, Read, Words } from './kind.ts';

interface TextOptions extends Words {
  /** Whole-text pattern; the longest allowed length in characters. */
  readonly pattern: RegExp;
  readonly longest: number;
  readonly allowed: string;
  /** What else it has to be in this experiment. */
  readonly fits?: (text: string, e: Draft) => boolean;
}

/** Text is empty by default and then left out of the link. */
export function text(options: TextOptions): Kind<string> {
  // A text of millions of characters is looked through once, not with every control that moves.
  let seen = '';
  const matches = (value: string) => value === seen || (options.pattern.test(value) && remember(value));
  const remember = (value: string) => {
    seen = value;
    return true;
  };
  const check = (value: unknown, e: Draft): Read<string> => {
    const text = typeof value === 'string' && value.length <= options.longest ? value : null;
    const right = text === '' || (text !== null && matches(text) && (options.fits?.(text, e) ?? true));
    return right ? { value: text } : { fault: options.allowed };
  };
  return {
    ...options,
    kind: 'text',
    default: () => '',
    allowed: () => options.allowed,
    check,
    read: (value, e) => (value === '' ? { fault: options.allowed } : check(value, e)),
    write: (value) => (value === '' ? null : value),
  };
}
