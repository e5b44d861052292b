import { memo } from 'react';
import type { Rect, StripLayout } from '../../charts/matrices/strip-layout.ts';
import { useTheme } from '../dress.tsx';
import { useShown } from '../page.tsx';
import { MatrixCanvas } from './canvas.tsx';
import type { CaptionFacts } from './captions.ts';
import { labelOf } from './label.ts';
import type { Planes } from './planes.ts';
import type { Scales } from './scales.ts';
import type { Painted } from './use-painted.ts';

const GROUP: Readonly<Record<keyof Planes, keyof Scales>> = {
  W: 'base',
  W0: 'base',
  A: 'A',
  B: 'B',
  dW: 'update',
  target: 'update',
  E: 'update',
};

interface Props {
  readonly layout: StripLayout;
  readonly facts: CaptionFacts;
  readonly painted: Painted | null;
}

/** Every matrix that there is room for. */
export const Matrices = memo(function Matrices({ layout, facts, painted }: Props) {
  const theme = useTheme();
  const training = useShown((s) => s.run.status === 'training');
  const { W, W0, B, A, DW, target, E } = layout.matrices;
  const rects: readonly (readonly [keyof Planes, Rect | null])[] = [
    ['W', W],
    ['W0', W0],
    ['B', B],
    ['A', A],
    ['dW', DW],
    ['target', target],
    ['E', E],
  ];
  return rects.map(([name, rect]) => {
    if (!rect) return null;
    const plane = painted?.planes[name] ?? null;
    const rows = name === 'A' ? facts.rank : facts.d;
    const columns = name === 'B' ? facts.rank : facts.k;
    return (
      <MatrixCanvas
        key={name}
        name={name}
        rect={rect}
        plane={plane}
        scale={painted?.scales[GROUP[name]] ?? 0}
        theme={theme}
        label={labelOf(name, rows, columns, plane, training, facts)}
      />
    );
  });
});
