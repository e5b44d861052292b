import { createContext, type ReactNode, use, useMemo, useState } from 'react';

/** Part of the page that a lesson's figure replaces: the whole lab, or the charts below the matrices. */
export type FigurePlace = 'lab' | 'charts';

interface FigureHost {
  /** Requested by the lesson; null: the lab is unchanged. */
  readonly place: FigurePlace | null;
  readonly ask: (place: FigurePlace | null) => void;
  readonly slot: HTMLElement | null;
  readonly setSlot: (slot: HTMLElement | null) => void;
}

const Rooms = createContext<FigureHost>({ place: null, ask: () => {}, slot: null, setSlot: () => {} });

/** Connects a lesson to its figures: the text requests a place, and the lab makes room there. */
export function LessonContainer({ children }: { readonly children: ReactNode }) {
  const [place, ask] = useState<FigurePlace | null>(null);
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  const container = useMemo(() => ({ place, ask, slot, setSlot }), [place, slot]);
  return <Rooms value={container}>{children}</Rooms>;
}

export const useLessonContainer = () => use(Rooms);

export function FigureSlot() {
  const { place, setSlot } = useLessonContainer();
  return <div ref={setSlot} className="figure-slot" data-place={place} />;
}
