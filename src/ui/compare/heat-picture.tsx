import { useMemo } from 'react';
import { percentile99 } from '../../charts/matrices/heatmap.ts';
import type { Plane } from '../../charts/matrices/plane.ts';
import { Heatmap } from '../../kit/grids/heatmap.tsx';
import { shownModule } from '../../state/run/run.ts';
import { useTheme } from '../looks/theme.tsx';
import { useLab } from '../page.tsx';
import { matrixPixels } from '../strip/matrices.ts';
import { goalKey } from './run-columns.ts';

interface HeatPictureProps {
  readonly plane: Plane | null;
  readonly of: 'A' | 'B' | 'dW' | 'E' | 'target';
  readonly scale: number;
  /** px; default: from the style sheet. */
  readonly width?: number;
  readonly height?: number;
  readonly label: string;
}

export function HeatPicture({ plane, of, scale, width, height, label }: HeatPictureProps) {
  const theme = useTheme();
  const pixels = useMemo(
    () => plane && matrixPixels({ name: of, scale, range: null }, plane),
    [plane, of, scale, theme],
  );
  return <Heatmap pixels={pixels} className="plane" role="img" aria-label={label} style={{ width, height }} />;
}

/** ΔW* as drawn, its key, and the value at full strength of the common colour scale; null if unknown. */
export function useTargetPicture() {
  const goal = useLab((s) => goalKey(s.run.experiment));
  const plane = useLab((s) => shownModule(s)?.wanted?.plane.mean ?? null);
  return useMemo(() => plane && { plane, goal, scale: percentile99(plane.values) }, [plane, goal]);
}
