import { createContext, type ReactNode, use, useMemo, useState } from 'react';

/** Part of the page that a lesson's figure replaces: the whole lab, or the charts below the matrices. */
export type FigurePlace = 'lab' | 'charts';

/** What a step asks of the lab. */
interface LabRequest {
  /** Null: the lab keeps its parts. */
  readonly place: FigurePlace | null;
  /** Names of the charts that stay below the matrices. */
  readonly charts: readonly string[];
}

interface FigureHost extends Omit<LabRequest, 'charts'> {
  /** Null: all, as no lesson is open. */
  readonly charts: readonly string[] | null;
  readonly ask: (request: LabRequest) => void;
  readonly slot: HTMLElement | null;
  readonly setSlot: (slot: HTMLElement | null) => void;
}

const NO_REQUEST: LabRequest = { place: null, charts: [] };

const Rooms = createContext<FigureHost>({
  ...{ place: null, charts: null },
  ...{ ask: () => {}, slot: null, setSlot: () => {} },
});

interface LessonContainerProps {
  /** A lesson is open; until its step has asked for charts there are none. */
  readonly reading: boolean;
  readonly children: ReactNode;
}

/** Connects a lesson to its figures: the text requests a place, and the lab makes room there. */
export function LessonContainer({ reading, children }: LessonContainerProps) {
  const [request, ask] = useState(NO_REQUEST);
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  const container = useMemo(() => {
    const { place, charts } = reading ? request : { place: null, charts: null };
    return { place, charts, ask, slot, setSlot };
  }, [reading, request, slot]);
  return <Rooms value={container}>{children}</Rooms>;
}

export const useLessonContainer = () => use(Rooms);

export function FigureSlot() {
  const { place, setSlot } = useLessonContainer();
  return <div ref={setSlot} className="figure-slot" data-place={place} />;
}
