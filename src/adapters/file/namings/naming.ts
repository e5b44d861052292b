import type { ModuleKind, Naming, Part } from '../model.ts';

/** What the name of a tensor says. */
export interface Reading {
  /** Name of the module, without what belongs to the naming: tensors with the same one belong together. */
  readonly module: string;
  readonly part: Part;
  /** The kind of a module that has this part; null for parts that every kind may have, α and magnitudes. */
  readonly kind: ModuleKind | null;
  /** PEFT can keep several adapters in one file, each with its name; null where the name says nothing of it. */
  readonly adapter: string | null;
}

/** One family of names: how tools of one kind call the factors of a module. */
export interface NamingFamily {
  readonly naming: Naming;
  /** Factors lie transposed: A is [in, r], B is [r, out]. */
  readonly transposed: boolean;
  /** null where the name is not one of this family. Takes time in proportion to the name at most. */
  read(name: string): Reading | null;
}

/** An ending of names and what it says. */
export type Ending = readonly [suffix: string, part: Part, kind: ModuleKind | null];

/** The reading of the first ending that the name has. */
export function readEnding(name: string, endings: readonly Ending[]): Reading | null {
  for (const [suffix, part, kind] of endings) {
    if (name.length > suffix.length && name.endsWith(suffix)) {
      return { module: name.slice(0, -suffix.length), part, kind, adapter: null };
    }
  }
  return null;
}
