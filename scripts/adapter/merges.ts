import type { Adapter } from '../../src/adapters/file/model.ts';
import type { MergeConflicts } from '../../src/adapters/file/pair/conflicts.ts';
import type { ForetoldMerge } from '../../src/adapters/file/pair/merged-file.ts';
import type { MergedModule } from '../../src/adapters/file/pair/merged-modules.ts';
import type { Growth } from '../../src/adapters/file/resize/grown-file.ts';
import type { FileErrors } from '../../src/adapters/file/resize/resized-file.ts';
import { tableLines, withDigits } from './info.ts';

interface FoundMerge {
  readonly modules: readonly MergedModule[];
  readonly conflicts: MergeConflicts;
  readonly foretold: ForetoldMerge;
  /** null: nothing was written. */
  readonly measured: FileErrors | null;
  readonly bytes: number;
}

const ranksBefore = ({ modules }: Adapter) => new Map(modules.map(({ canonical, rank }) => [canonical, rank]));

/** The figures of a merge for scripts. */
export function mergedJson(first: Adapter, found: FoundMerge, file: string | null) {
  const { modules, conflicts, foretold, measured, bytes } = found;
  const before = ranksBefore(first);
  return {
    file,
    bytes,
    modules: modules.map(({ module: { name, canonical, rank } }, i) => ({
      name,
      before: before.get(canonical) ?? 0,
      after: rank,
      error: foretold.errors[i],
      measured: measured?.errors[i] ?? null,
      conflict: conflicts.layers[i],
    })),
    error: foretold.error,
    measured: measured?.error ?? null,
    linear: foretold.linear,
    offSum: foretold.offSum,
    conflict: { signs: conflicts.signs, overlap: conflicts.overlap },
  };
}

export function mergedText(first: Adapter, found: FoundMerge, file: string | null): string {
  const { modules, conflicts, foretold, measured, bytes } = found;
  const before = ranksBefore(first);
  const rows = modules.map(({ module: { name, canonical, rank } }) => [
    name,
    `${before.get(canonical) ?? 0} → ${rank}`,
  ]);
  return [
    ...tableLines([['module', 'rank'], ...rows]),
    ...(conflicts.signs === null
      ? []
      : [
          `Before: ${percentText(conflicts.signs)} of the energy is in entries whose signs differ; subspaces overlap by ${short(conflicts.overlap ?? 0)}.`,
        ]),
    ...(foretold.offSum === null ? [] : [`ΔW of the method is ${short(foretold.offSum)} off the plain sum.`]),
    ...(foretold.linear === null ? [] : [`Adding the factors (linear) is ${short(foretold.linear)} off the sum.`]),
    measured === null
      ? `Not written: ${bytes} bytes, error ${short(foretold.error)}.`
      : `${file}: ${bytes} bytes. Read back: error ${short(measured.error)}, predicted ${short(foretold.error)}.`,
  ].join('\n');
}

export function grownText({ modules, error }: Growth, file: string, bytes: number): string {
  const off = modules.filter((one) => one.off > 0);
  const [first] = off;
  const said = first
    ? `α′ of ${off.length} of ${modules.length} modules has no exact number in its type (${first.alpha}): s changes by ${short(error)} of itself at most.`
    : 'No bit of ΔW changed.';
  const kept = modules.filter((one) => one.kept !== null);
  return [
    ...tableLines([
      ['module', 'rank', 'α'],
      ...modules.map((one) => [one.name, `${one.before} → ${one.after}`, alphaText(one.alpha)]),
    ]),
    ...(kept.length > 0
      ? [
          `${kept.length} ${kept.length === 1 ? 'module keeps its' : 'modules keep their'} rank: ${kept[0].name} ${kept[0].kept}.`,
        ]
      : []),
    `${file}: ${bytes} bytes. Read back: ${said}`,
  ].join('\n');
}

const alphaText = (alpha: number | null) => (alpha === null ? '' : short(alpha));
const percentText = (share: number) => `${Math.round(100 * share)}%`;
const short = withDigits(3);
