import { useEffect, useMemo, useState } from 'react';
import { initPicture } from '../../charts/matrices/init-picture.ts';
import { type InitName, inits } from '../../experiment/inits/index.ts';
import { shortName } from '../../experiment/inits/init.ts';
import { cached } from '../../experiment/layer/cached.ts';
import type { Preview } from '../../experiment/layer/preview.ts';
import { isMatrixData } from '../../experiment/settings/data-kind.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { targets } from '../../experiment/targets/index.ts';
import { isOwnMatrix, type TargetSign } from '../../experiment/targets/target.ts';
import { Heatmap } from '../../kit/grids/heatmap.tsx';
import { Sym } from '../../kit/symbols.tsx';
import { useIsVisible } from '../controls/visible-controls.ts';
import { useTheme } from '../looks/theme.tsx';
import { Press, useGetLab, useLab } from '../page.tsx';
import { entryPixels, greyPixels } from './colours.ts';

interface ThumbnailProps {
  readonly of: Experiment['target'];
}

/** Picture of a target on its tile: its symbol, or its data if they are characteristic. */
export function Thumbnail({ of }: ThumbnailProps) {
  const target = targets.byName(of);
  const { sign } = target;
  const brought = useLab((s) => s.drawing !== null && isMatrixData(s.experiment.data));
  return sign && !(isOwnMatrix(target) && brought) ? <Sign of={sign} /> : <Small of={of} />;
}

function Sign({ of: { lines, dots } }: { readonly of: TargetSign }) {
  return (
    <svg className="sign" viewBox="0 0 48 48" aria-hidden="true">
      {dots && <path fill="var(--ink)" d={dots} />}
      <path fill="none" stroke="var(--dwt)" strokeWidth={3} d={lines} />
    </svg>
  );
}

/** A small ΔW*, drawn from real data while the page is idle. */
function Small({ of }: ThumbnailProps) {
  const now = useGetLab();
  const theme = useTheme();
  const key = useLab((s) => previewKey(s.experiment, of));
  const drawing = useLab((s) => s.drawing);
  const [preview, setPreview] = useState<Preview | null>(null);
  const opened = useLab((s) => s.run.ready !== null || s.run.status !== 'preparing');
  useEffect(() => {
    // The page's own matrices come first.
    if (!opened) return;
    let wanted = true;
    const cancel = whenIdle(async () => {
      // A tile can do without its picture, and leaving the page aborts the load.
      const part = await import('../../experiment/layer/preview.ts').catch(() => null);
      if (wanted && part) setPreview(part.previewOf(now().experiment, of, drawing));
    });
    return () => {
      wanted = false;
      cancel();
    };
  }, [key, drawing, of, opened]);
  const pixels = useMemo(() => {
    if (!preview) return null;
    const { size, values, greys } = preview;
    return (greys ? greyPixels : entryPixels)({ rows: size, cols: size, values });
  }, [preview, theme]);
  return <Heatmap pixels={pixels} />;
}

/** The settings that a preview depends on, as text, without drawing or matrix: it is redrawn only on a change. */
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

const pictureOf = cached(initPicture);

const NEGATIVE = { a: 'var(--neg-warm)', b: 'var(--neg-cool)', w0: 'var(--neg-warm)' } as const;

/** The strip's corner in miniature: A above and B left of ΔW, filled as at step 0. */
export function InitCorner({ of }: { readonly of: InitName }) {
  const { box, frames, tiles, zeros } = pictureOf(inits.byName(of));
  return (
    <svg className="corner" viewBox={box} aria-hidden="true">
      {tiles.map(({ x, y, width, height, hue, strength }) => (
        <rect
          key={`${hue}${x},${y}`}
          className={hue}
          {...{ x, y, width, height }}
          fill={strength < 0 ? NEGATIVE[hue] : 'currentColor'}
          opacity={Math.abs(strength)}
        />
      ))}
      {zeros.map(({ x, y, hue }) => (
        <text key={hue} className={hue} {...{ x, y }} dy="0.36em" textAnchor="middle" fontSize="8" fill="currentColor">
          0
        </text>
      ))}
      <rect className="a" {...frames.A} fill="none" stroke="currentColor" />
      <rect className="b" {...frames.B} fill="none" stroke="currentColor" />
      <rect {...frames.DW} fill="none" stroke="var(--axis)" strokeDasharray="1.5 1.5" />
    </svg>
  );
}

/** Buttons for target and initialisation, if the rail has shrunk to two rows: they open the whole rail and the list. */
export function RailButtons() {
  const [target, init] = [useIsVisible('target'), useIsVisible('init')];
  const name = useLab((s) => s.experiment.target);
  const start = useLab((s) => s.experiment.init);
  return (
    <div className="picks">
      {target && (
        <Press className="pk" aria-haspopup="dialog" event={{ type: 'panel', panel: { name: 'rail' } }}>
          <Thumbnail of={name} />
          <span>
            Target <Sym of="ΔW*" />
            <b>{targets.byName(name).label}</b>
          </span>
        </Press>
      )}
      {init && (
        <Press className="pk" aria-haspopup="dialog" event={{ type: 'panel', panel: { name: 'inits' } }}>
          <InitCorner of={start} />
          <span>
            Initialisation
            <b>{shortName(inits.byName(start))}</b>
          </span>
        </Press>
      )}
    </div>
  );
}
