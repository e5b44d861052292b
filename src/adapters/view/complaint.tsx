import type { CaseName } from '../../experiment/settings/view.ts';
import { Press } from '../../ui/page.tsx';
import type { Warning } from '../file/model.ts';

/** The clinic's complaints that a file can give a reason for, in the clinic's words. */
export const COMPLAINTS = {
  nothing: 'My LoRA does nothing',
  zeros: 'B is all zeros. Is that a bug?',
  nan: 'The loss is NaN',
  size: 'The file is too large',
  together: 'Two LoRAs together break',
} as const satisfies Readonly<Partial<Record<CaseName, string>>>;

export type Complaint = keyof typeof COMPLAINTS;

/** What a check finds, and the complaint that it explains. */
export const CAUSES: Readonly<Record<string, Complaint>> = {
  'alpha-zero': 'nothing',
  'alpha-odd': 'nothing',
  'alpha-absent': 'nothing',
  'not-finite': 'nan',
  untrained: 'zeros',
  spikes: 'together',
  'stands-out': 'together',
  dead: 'size',
  'half-rank': 'size',
  'rank-one': 'size',
  whole: 'size',
};

/** The complaint of each warning by its `about`: one that several lead to is named at the first of them. */
export function complaintsOf(warnings: readonly Warning[]): ReadonlyMap<string, Complaint> {
  const found = new Map<string, Complaint>();
  const seen = new Set<Complaint>();
  for (const { about, modules } of warnings) {
    const cause = Object.hasOwn(CAUSES, about) ? CAUSES[about] : null;
    // Not some modules, but all: the adapter has no effect.
    const complaint = cause === 'zeros' && modules.length === 0 ? 'nothing' : cause;
    if (complaint === null || seen.has(complaint)) continue;
    seen.add(complaint);
    found.set(about, complaint);
  }
  return found;
}

/** Opens a complaint of the clinic; Back returns to the opened files. */
export function ComplaintLink({ of }: { readonly of: Complaint }) {
  return (
    <Press className="link block" event={{ type: 'viewed', changes: { view: 'clinic', case: of } }}>
      See “{COMPLAINTS[of]}”
    </Press>
  );
}
