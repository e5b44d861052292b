import { useMemo } from 'react';
import { arrange } from '../../charts/grid/arrange.ts';
import { fileSpectra } from '../../charts/module/file-spectra.ts';
import type { AdaptersState, OpenedFile } from '../../state/adapters-state.ts';
import { useAdapters } from '../context.tsx';
import { gridOfFile } from './grid-of-file.ts';

const ofColour = ({ colour }: AdaptersState) => colour;
const ofPointed = ({ pointed }: AdaptersState) => pointed;

/** The grid of the first file as it is set. */
export function useFileGrid({ adapter: { modules }, figures, warnings }: OpenedFile) {
  const colour = useAdapters(ofColour);
  const pointed = useAdapters(ofPointed);
  return useMemo(
    () => gridOfFile({ modules, figures, warnings, colour, pointed }),
    [modules, figures, warnings, colour, pointed],
  );
}

/** What the modules of the file have in common. */
export function useFileSpectra({ figures }: OpenedFile) {
  return useMemo(() => fileSpectra(figures), [figures]);
}

/** The modules in the order of the grid, row by row. */
export function useOrder({ adapter: { modules } }: OpenedFile): readonly number[] {
  return useMemo(() => arrange(modules).cells.filter((index) => index !== null), [modules]);
}
