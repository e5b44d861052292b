import type { Adapter, Figures, Warning } from '../model.ts';
import type { FileKnowledge, MeasuredModule } from './check.ts';
import { CHECKS } from './checks.ts';

/** The warnings of a file, the worst first, then the passed checks. Figures of an unread module are null. */
export function warningsOf(adapter: Adapter, figures: readonly (Figures | null)[]): Warning[] {
  const read = adapter.modules.flatMap((module): readonly MeasuredModule[] => {
    const of = figures[module.index];
    return of ? [{ ...module, figures: of }] : [];
  });
  const moved = read.filter(({ figures: { finite, sigma } }) => finite && sigma.length > 0 && sigma[0] > 0);
  const known: FileKnowledge = { adapter, read, moved };
  const found = CHECKS.map(({ find }) => find(known));
  const warnings = CHECKS.flatMap(({ about, tone }, i): Warning[] => {
    const finding = found[i];
    return finding ? [{ about, tone: tone ?? 'look', modules: [], acts: [], ...finding }] : [];
  });
  const complete = read.length === adapter.modules.length;
  // A file without any change gets no praise.
  if (complete && moved.length === 0 && read.every((of) => of.figures.frobenius === 0)) return warnings;
  const looked = CHECKS.flatMap(({ passed, reads = false, holds }, i) => {
    if (passed === undefined || (reads && !complete)) return [];
    return found[i] === null && holds?.(known) === false ? [] : [{ passed, found: found[i] !== null }];
  });
  const title = looked.flatMap(({ passed, found }) => (found ? [] : [passed])).join(', ');
  if (title === '') return warnings;
  const kept = looked.filter((of) => !of.found).length;
  const fine: Warning = {
    about: 'passed',
    tone: 'fine',
    title: `${title[0].toUpperCase()}${title.slice(1)}`,
    details: `${kept} of ${looked.length} checks passed`,
    modules: [],
    acts: [],
  };
  return [...warnings, fine];
}
