import type { ReactNode } from 'react';
import { Numeric } from './numeric.tsx';

/** The rank, wherever it can be set: in the rail, in a phone's dock, below a projector's strip. */
export function RankSlider({ children }: { readonly children?: ReactNode }) {
  return (
    <Numeric of="rank" className="rank">
      {children}
    </Numeric>
  );
}
