import type { Palette } from '../../charts/sweep/cells.ts';
import { rgb } from '../rail/colours.ts';

/** The colours that a map mixes, as the page wears them. */
export function paletteNow(): Palette {
  const style = getComputedStyle(document.documentElement);
  const [paper, ink, hue] = ['--paper', '--ink', '--dw'].map((token) => rgb(style.getPropertyValue(token)));
  return { paper: paper ?? [255, 255, 255], ink: ink ?? [0, 0, 0], hue: hue ?? [0, 0, 0] };
}
