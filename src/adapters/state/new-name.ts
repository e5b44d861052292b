import { foretell } from '../file/resize/foretell.ts';
import { spectraOf } from '../file/resize/spectra.ts';
import type { AdaptersState, WrittenFile } from './adapters-state.ts';

/** Longer names are cut: two together, with what is added, are still a name that every disk takes. */
const LONGEST = 80;

const stem = (name: string) =>
  name
    .replace(/\.safetensors$/i, '')
    .replaceAll('/', '-')
    .slice(-LONGEST);

/** The name of a file that is going to be written: "style-r2-5.safetensors", "a-and-b.safetensors", "style-kohya.safetensors". */
export function newName(state: AdaptersState, does: WrittenFile['does']): string {
  const [first, second] = state.files;
  const old = stem(first?.adapter.name ?? 'adapter');
  switch (does) {
    case 'resize':
      return `${old}-r${ranksOf(state)}.safetensors`;
    case 'merge':
      return `${old}-and-${stem(second?.adapter.name ?? 'other')}.safetensors`;
    case 'convert':
      return `${old}-${state.convertTo}.safetensors`;
    default:
      return does satisfies never;
  }
}

/** "4", or from the smallest to the largest: "2-5". */
function ranksOf({ files: [file], resize }: AdaptersState): string {
  if (!file) return '';
  const spectra = spectraOf(file.adapter, file.figures);
  const { ranks } = foretell(file.adapter, spectra, resize);
  const cut = ranks.filter((_, i) => spectra[i] !== null);
  const [least, most] = [Math.min(...cut), Math.max(...cut)];
  return least === most ? `${least}` : `${least}-${most}`;
}
