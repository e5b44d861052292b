import type { ReactNode } from 'react';
import type { SquareName } from './captions.ts';
import type { Shown } from './names.ts';

const PRODUCT = (
  <>
    s<tspan className="soft">·</tspan>
    <tspan className="b">B</tspan>
    <tspan className="soft">·</tspan>
    <tspan className="a">A</tspan>
  </>
);
const UPDATE = (
  <>
    <tspan className="dw">ΔW</tspan>
    <tspan className="soft"> = </tspan>
    {PRODUCT}
  </>
);
const FROZEN = (
  <tspan className="w0">
    W
    <tspan dy="0.15em" fontSize="0.65em">
      frozen
    </tspan>
  </tspan>
);

/** What stands below a matrix. `fits`: whether a text has room. */
export function symbolOf(of: SquareName, shown: Shown, fits: (text: string) => boolean): ReactNode {
  switch (of) {
    case 'W':
      return 'W';
    case 'W0':
      if (shown !== 'frozen') return <tspan className="w0">W₀</tspan>;
      return (
        <>
          {FROZEN}
          {fits('W₀ − s₀·B₀·A₀ W frozen =') && <tspan dy="-0.0975em"> = W₀ − s₀·B₀·A₀</tspan>}
        </>
      );
    case 'dW':
      if (shown === 'frozen') return PRODUCT;
      return (
        <>
          {UPDATE}
          {shown === 'update' && ' − s₀·B₀·A₀'}
        </>
      );
    case 'target':
      return <tspan className="dwt">ΔW*</tspan>;
    case 'E':
      return 'E = ΔW − ΔW*';
  }
}
