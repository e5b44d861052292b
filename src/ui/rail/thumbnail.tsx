import { useEffect, useRef, useState } from 'react';
import type { Experiment } from '../../experiment/params.ts';
import { useNow, useShown } from '../page.tsx';
import { type Preview, previewKey, previewOf } from './preview.ts';

/** The picture of a target on its tile, drawn from real data while the page has nothing else to do. */
export function Thumbnail({ of }: { readonly of: Experiment['target'] }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const now = useNow();
  const key = useShown((s) => previewKey(s.experiment, of));
  const hasDrawing = useShown((s) => s.drawing !== null);
  const [preview, setPreview] = useState<Preview | null>(null);
  useEffect(() => {
    return whenIdle(() => setPreview(previewOf(now().experiment, of, now().drawing)));
  }, [key, hasDrawing, of]);
  useEffect(() => {
    const draw = () => canvas.current && preview && paint(canvas.current, preview);
    draw();
    return onTheme(draw);
  }, [preview]);
  const size = preview?.size ?? 1;
  return <canvas ref={canvas} width={size} height={size} />;
}

function whenIdle(work: () => void): () => void {
  if (!('requestIdleCallback' in window)) {
    const timer = setTimeout(work, 60);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(work, { timeout: 1500 });
  return () => cancelIdleCallback(handle);
}

/** Calls back when the colours of the page have changed. */
function onTheme(redraw: () => void): () => void {
  const watch = new MutationObserver(redraw);
  watch.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  const system = matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', redraw);
  return () => {
    watch.disconnect();
    system.removeEventListener('change', redraw);
  };
}

type Rgb = readonly [number, number, number];

function colour(style: CSSStyleDeclaration, name: string): Rgb {
  const hex = Number.parseInt(style.getPropertyValue(name).trim().slice(1), 16);
  return [(hex >> 16) & 255, (hex >> 8) & 255, hex & 255];
}

/** ΔW* as everywhere: zero is paper, positive crimson, negative its opponent, strength |v|/scale to the power 0.85. */
function paint(canvas: HTMLCanvasElement, { size, values }: Preview) {
  const context = canvas.getContext('2d');
  if (!context) return;
  const style = getComputedStyle(canvas);
  const [paper, positive, negative] = ['--paper', '--dwt', '--neg-cool'].map((name) => colour(style, name));
  const image = context.createImageData(size, size);
  const scale = Float32Array.from(values, Math.abs).sort()[Math.floor(0.99 * (values.length - 1))] || 1;
  values.forEach((value, i) => {
    const strength = Math.min(1, Math.abs(value) / scale) ** 0.85;
    const hue = value > 0 ? positive : negative;
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = paper[c] + strength * (hue[c] - paper[c]);
    image.data[4 * i + 3] = 255;
  });
  context.putImageData(image, 0, 0);
}
