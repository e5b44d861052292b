import type { Foretold, Spectrum } from '../file/model.ts';
import { floorCurve, oneRankCurve } from '../file/resize/curves.ts';
import { foretell } from '../file/resize/foretell.ts';
import { spectraOf } from '../file/resize/spectra.ts';
import type { AdaptersState, OpenedFile } from './adapters-state.ts';
import { remembered } from './remembered.ts';

/** The first file with its spectra and what will come of the plan. */
export interface Cut {
  readonly file: OpenedFile;
  readonly plan: AdaptersState['resize'];
  /** By module; null for one that is carried through. */
  readonly spectra: readonly (Spectrum | null)[];
  readonly foretold: Foretold;
}

/** The cut of the first file; null until all of it is read, and where no module can be cut. */
export function cutOf({ files, resize }: AdaptersState): Cut | null {
  const file = files[0];
  return file && !file.reading && spectra(file).some((one) => one !== null) ? cut(file, resize) : null;
}

/** The best allocation and one rank for all, each as sizes and errors. */
export const curvesOf = ({ file, plan }: Cut) => curves(file, plan.dtype);

const spectra = remembered((file: OpenedFile) => spectraOf(file.adapter, file.figures));
const cut = remembered(
  (file: OpenedFile, plan: AdaptersState['resize']): Cut => ({
    file,
    plan,
    spectra: spectra(file),
    foretold: foretell(file.adapter, spectra(file), plan),
  }),
);
const curves = remembered((file: OpenedFile, dtype: AdaptersState['resize']['dtype']) => ({
  floor: floorCurve(file.adapter, spectra(file), dtype),
  oneRank: oneRankCurve(file.adapter, spectra(file), dtype),
}));
