import type { RunChart, Scene } from '../../../charts/chart.ts';
import { error } from '../../../charts/error/error.ts';
import { errorPicture } from '../../../charts/error/picture.ts';
import { spectrum, spectrumPicture } from '../../../charts/spectrum/spectrum.ts';
import { number } from '../../../experiment/numbers.ts';
import type { Size } from '../../../kit/chart/chart.ts';
import { dot, type Mark, type Point, polyline } from '../../../kit/chart/marks.ts';
import { dotRadius } from '../../../kit/chart/plot.ts';
import { drawing } from '../../../kit/chart/render.ts';

/** The first layers of ΔW are kept; the others are pale. */
export interface KeptLayers {
  readonly layers: number;
  /** Relative error of their sum; null if unknown. */
  readonly error: number | null;
}

const layersWords = (layers: number) => (layers === 1 ? '1 pattern kept' : `${layers} patterns kept`);

/** The spectrum with the kept part of ΔW in its full hue. */
export function keptSpectrum(kept: KeptLayers): RunChart {
  return {
    ...spectrum,
    draw: drawing((scene, size) => keptSpectrumPicture(scene, size, kept)),
    describe: (scene) => `${spectrum.describe(scene)} ${layersWords(kept.layers)}.`,
  };
}

/** The error chart with both errors: of the kept part and of the run. */
export function keptError(kept: KeptLayers): RunChart {
  const words = kept.error === null ? '' : ` The first ${kept.layers} of its patterns alone: ${number(kept.error)}.`;
  return {
    ...error,
    draw: drawing((scene, size) => errorPicture(scene, size, partOf(kept, scene))),
    describe: (scene) => `${error.describe(scene)}${words}`,
  };
}

function keptSpectrumPicture(scene: Scene, size: Size, { layers }: KeptLayers): Mark[] {
  const marks = spectrumPicture(scene, size);
  if (scene.empty !== null || !scene.spectrum) return marks;
  const radius = dotRadius(size);
  const points = Array.from({ length: scene.rank }, (_, i): Point | null => {
    const at = marks.find(({ key }) => key === `update ${i + 1}`)?.attributes;
    return at ? [Number(at.cx), Number(at.cy)] : null;
  }).filter((point) => point !== null);
  if (points.length === 0) return marks;
  const first = points.slice(0, layers);
  return [
    ...marks.flatMap((mark): Mark[] => {
      if (mark.key === 'update')
        return [polyline('update', 'line pale dw', points), polyline('kept', 'main dw', first)];
      if (mark.key === 'update label') return [{ ...mark, key: 'kept label', text: layersWords(layers) }];
      return OF_UPDATE.test(mark.key) ? [] : [mark];
    }),
    ...points.map((at, i) => dot(`update ${i + 1}`, i < layers ? 'dw' : 'open dw', at, radius * 1.1)),
  ];
}

/** Keys of ΔW's dots, and of its label's second line or leader. */
const OF_UPDATE = /^update( \d|.label)/;

function partOf({ layers, error }: KeptLayers, { rank }: Scene) {
  return error !== null && layers < rank ? { layers, error } : null;
}
