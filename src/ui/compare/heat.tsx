import { useMemo } from 'react';
import type { Plane } from '../../charts/matrices/plane.ts';
import { Heatmap } from '../../kit/grids/heatmap.tsx';
import { useTheme } from '../looks/theme.tsx';
import { matrixPixels } from '../strip/matrices.tsx';

interface HeatPictureProps {
  readonly plane: Plane | null;
  readonly of: 'A' | 'B' | 'dW' | 'E' | 'target';
  /** The value at full strength. */
  readonly scale: number;
  /** px; left out: what the style sheet says. */
  readonly width?: number;
  readonly height?: number;
  readonly label: string;
}

/** A matrix as a heat map; blank paper until there is one. */
export function Picture({ plane, of, scale, width, height, label }: HeatPictureProps) {
  const theme = useTheme();
  const pixels = useMemo(
    () => plane && matrixPixels({ name: of, scale, range: null }, plane),
    [plane, of, scale, theme],
  );
  return <Heatmap pixels={pixels} className="plane" role="img" aria-label={label} style={{ width, height }} />;
}
