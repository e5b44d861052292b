import { CASE_NAMES, type CaseName, type ClinicCase } from './case.ts';
import { flat } from './flat.ts';
import { merged } from './merged.ts';
import { modules } from './modules.ts';
import { nan } from './nan.ts';
import { nothing } from './nothing.ts';
import { overfit } from './overfit.ts';
import { rank64 } from './rank64.ts';
import { size } from './size.ts';
import { staircase } from './staircase.ts';
import { together } from './together.ts';
import { variant } from './variant.ts';
import { zeros } from './zeros.ts';

const BY_NAME = {
  ...{ nothing, flat, zeros, nan, staircase, overfit },
  ...{ rank64, variant, modules, merged, size, together },
} as const satisfies Record<CaseName, ClinicCase>;

export const caseByName = (name: CaseName): ClinicCase => BY_NAME[name];

/** In page order. */
export const CASES: readonly ClinicCase[] = CASE_NAMES.map(caseByName);

/** What the page of adapters finds in a file if it is this. */
export const IN_FILE: { readonly [name in CaseName]?: string } = {
  nothing: 'it says whether α is missing, and whether every B is all zeros',
  zeros: 'it names each B that is all zeros',
  nan: 'it names each module with NaN',
  size: 'it shows how much of its rank each module uses, and writes a smaller file',
  together: 'it measures how much two adapters share, module by module, and writes their sum',
};
