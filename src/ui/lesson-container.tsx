import { createContext, type ReactNode, use, useMemo, useState } from 'react';

/** What a figure of a lesson takes the place of: the whole lab, or the charts below the matrices. */
export type FigurePlace = 'lab' | 'charts';

interface FigureHost {
  /** The place that the lesson has asked for; null: the lab stands as it is. */
  readonly place: FigurePlace | null;
  readonly ask: (place: FigurePlace | null) => void;
  /** Where the figure is drawn; null until it is there. */
  readonly slot: HTMLElement | null;
  readonly setSlot: (slot: HTMLElement | null) => void;
}

const Rooms = createContext<FigureHost>({ place: null, ask: () => {}, slot: null, setSlot: () => {} });

/** A lesson and its figures stand in two places of the page: the text says in which, the lab makes room. */
export function LessonContainer({ children }: { readonly children: ReactNode }) {
  const [place, ask] = useState<FigurePlace | null>(null);
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  const container = useMemo(() => ({ place, ask, slot, setSlot }), [place, slot]);
  return <Rooms value={container}>{children}</Rooms>;
}

export const useLessonContainer = () => use(Rooms);

/** The place of a figure. */
export function FigureSlot() {
  const { place, setSlot } = useLessonContainer();
  return <div ref={setSlot} className="figure-slot" data-place={place} />;
}
