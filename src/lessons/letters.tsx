import { Sym } from '../ui/symbols.tsx';

export const W0 = <Sym of="W₀" />;
export const W = <Sym of="W" />;
export const A = <Sym of="A" />;
export const B = <Sym of="B" />;
export const DW = <Sym of="ΔW" />;
export const R = <Sym of="r" />;
export const S = <Sym of="s" />;
export const ALPHA = <Sym of="α" />;
