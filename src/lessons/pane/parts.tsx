import type { ReactNode } from 'react';
import { number } from '../../experiment/numbers.ts';
import { Sym } from '../../kit/symbols.tsx';
import type { State } from '../../state/state.ts';
import { useLab } from '../../ui/page.tsx';
import { errorAt, floorAt } from '../step.tsx';

// Letters in the hue of their matrix.
export const W0 = <Sym of="W₀" />;
export const W = <Sym of="W" />;
export const A = <Sym of="A" />;
export const B = <Sym of="B" />;
export const DW = <Sym of="ΔW" />;
export const DWT = <Sym of="ΔW*" />;
export const R = <Sym of="r" />;
export const S = <Sym of="s" />;
export const ALPHA = <Sym of="α" />;

const gradientOf = (factor: ReactNode) => (
  <span className="whole">
    ∂<Sym of="L" />
    /∂{factor}
  </span>
);
export const GRAD_A = gradientOf(A);
export const GRAD_B = gradientOf(B);

function Live({ of }: { readonly of: (state: State) => string | number }) {
  return useLab(of);
}

/** A number or a word of the lab's current state. */
export const live = (of: (state: State) => string | number): ReactNode => <Live of={of} />;
// As the page prints it.
export const liveError = (step?: number) => live((s) => number(errorAt(s, step)));
export const liveFloor = (rank: number) => live((s) => number(floorAt(s, rank)));
export const ERROR = liveError();
export const RANK = live(({ run }) => run.experiment.rank);
