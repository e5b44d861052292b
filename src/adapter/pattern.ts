/**
 * PEFT's patterns for ranks and α: regular expressions on the end of a module's name, after a dot or from its beginning.
 */
export type Matcher = (name: string) => boolean;

/** null where the pattern is not understood. */
export function compilePattern(pattern: string): Matcher | null {
  const literal = pattern.replace(/^\^/, '').replace(/\$$/, '').replaceAll('\\.', '.');
  if (/[\\^$*+?()[\]{}|]/.test(literal)) return null;
  return (name) => name === literal || name.endsWith(`.${literal}`);
}
