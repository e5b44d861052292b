import { useEffect, useRef, useState } from 'react';
import { isMatrixData } from '../../experiment/settings/data-kind.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { targets } from '../../experiment/targets/index.ts';
import { isOwnMatrix, type TargetSign } from '../../experiment/targets/target.ts';
import { useTheme } from '../dress.tsx';
import { useNow, useShown } from '../page.tsx';
import { paintEntries } from './entries.ts';
import type { Preview } from './preview.ts';

interface Props {
  readonly of: Experiment['target'];
}

/** The picture of a target on its tile: its sign, or its data where they show what it is. */
export function Thumbnail({ of }: Props) {
  const target = targets.byName(of);
  const { sign } = target;
  const brought = useShown((s) => s.drawing !== null && isMatrixData(s.experiment.data));
  return sign && !(isOwnMatrix(target) && brought) ? <Sign of={sign} /> : <Small of={of} />;
}

function Sign({ of: { lines, dots } }: { readonly of: TargetSign }) {
  return (
    <svg className="sign" viewBox="0 0 48 48" aria-hidden="true">
      {dots && <path className="dots" d={dots} />}
      <path className="lines" d={lines} />
    </svg>
  );
}

/** A small ΔW*, drawn from real data while the page has nothing else to do. */
function Small({ of }: Props) {
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
