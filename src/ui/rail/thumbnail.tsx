import { useEffect, useRef, useState } from 'react';
import type { Experiment } from '../../experiment/params.ts';
import { targets } from '../../experiment/targets/index.ts';
import { useTheme } from '../dress.tsx';
import { useNow, useShown } from '../page.tsx';
import { colours } from './colours.ts';
import type { Preview } from './preview.ts';

/** The picture of a target on its tile, drawn from real data while the page has nothing else to do. */
export function Thumbnail({ of }: { readonly of: Experiment['target'] }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const now = useNow();
  const theme = useTheme();
  const key = useShown((s) => previewKey(s.experiment, of));
  const hasDrawing = useShown((s) => s.drawing !== null);
  const [preview, setPreview] = useState<Preview | null>(null);
  useEffect(() => {
    let wanted = true;
    const cancel = whenIdle(async () => {
      // All that makes matrices comes with it, which the page can start without.
      const { previewOf } = await import('./preview.ts');
      if (wanted) setPreview(previewOf(now().experiment, of, now().drawing));
    });
    return () => {
      wanted = false;
      cancel();
    };
  }, [key, hasDrawing, of]);
  useEffect(() => {
    if (canvas.current && preview) paint(canvas.current, preview);
  }, [preview, theme]);
  const size = preview?.size ?? 1;
  return <canvas ref={canvas} width={size} height={size} />;
}

/** Which settings a target's preview depends on, as text: made again only when it changes. */
function previewKey(e: Experiment, name: Experiment['target']): string {
  return JSON.stringify([name, e.seed, ...targets.byName(name).params.map((key) => e[key])]);
}

function whenIdle(work: () => void): () => void {
  if (!('requestIdleCallback' in window)) {
    const timer = setTimeout(work, 60);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(work, { timeout: 1500 });
  return () => cancelIdleCallback(handle);
}

/** ΔW* as everywhere: zero is paper, positive crimson, negative its opponent, strength |v|/scale to the power 0.85. */
function paint(canvas: HTMLCanvasElement, { size, values }: Preview) {
  const context = canvas.getContext('2d');
  if (!context) return;
  const [paper, positive, negative] = colours(canvas, ['--paper', '--dwt', '--neg-cool']);
  const image = context.createImageData(size, size);
  const scale = Float32Array.from(values, Math.abs).sort()[Math.floor(0.99 * (values.length - 1))] || 1;
  Array.from(values).forEach((value, i) => {
    const strength = Math.min(1, Math.abs(value) / scale) ** 0.85;
    const hue = value > 0 ? positive : negative;
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = paper[c] + strength * (hue[c] - paper[c]);
    image.data[4 * i + 3] = 255;
  });
  context.putImageData(image, 0, 0);
}
