import type { ReactNode } from 'react';
import { Numeric } from './numeric.tsx';

interface RankProps {
  /** What stands behind the typed value: "8 · step 96". */
  readonly beside?: ReactNode;
}

/** The rank, wherever it can be set: in the rail, in a phone's dock, below a projector's strip. */
export function RankSlider({ beside }: RankProps) {
  const around = (field: ReactNode) => (
    <>
      {field}
      {beside}
    </>
  );
  return <Numeric of="rank" className="rank" around={around} />;
}
