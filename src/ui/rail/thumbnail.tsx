import { useEffect, useRef, useState } from 'react';
import type { Experiment } from '../../experiment/params.ts';
import { targets } from '../../experiment/targets/index.ts';
import { useTheme } from '../dress.tsx';
import { useNow, useShown } from '../page.tsx';
import { paintEntries } from './entries.ts';
import type { Preview } from './preview.ts';

/** The picture of a target on its tile, drawn from real data while the page has nothing else to do. */
export function Thumbnail({ of }: { readonly of: Experiment['target'] }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const now = useNow();
  const theme = useTheme();
  const key = useShown((s) => previewKey(s.experiment, of));
  const drawing = useShown((s) => s.drawing);
  const [preview, setPreview] = useState<Preview | null>(null);
  const size = preview?.size ?? 1;
  useEffect(() => {
    let wanted = true;
    const cancel = whenIdle(async () => {
      // All that makes matrices comes with it, which the page can start without.
      const { previewOf } = await import('./preview.ts');
      if (wanted) setPreview(previewOf(now().experiment, of, drawing));
    });
    return () => {
      wanted = false;
      cancel();
    };
  }, [key, drawing, of]);
  useEffect(() => {
    if (canvas.current && preview) paintEntries(canvas.current, { rows: size, cols: size, values: preview.values });
  }, [preview, theme]);
  return <canvas ref={canvas} width={size} height={size} />;
}

/** Which settings a target's preview depends on, as text, its drawing or matrix left out: made again only when it changes. */
function previewKey(e: Experiment, name: Experiment['target']): string {
  return JSON.stringify([name, e.seed, ...targets.byName(name).params.map((key) => key !== 'data' && e[key])]);
}

function whenIdle(work: () => void): () => void {
  if (!('requestIdleCallback' in window)) {
    const timer = setTimeout(work, 60);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(work, { timeout: 1500 });
  return () => cancelIdleCallback(handle);
}
