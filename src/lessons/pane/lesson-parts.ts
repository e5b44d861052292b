import { parseLink } from '../../experiment/link/link.ts';
import type { PageEvent } from '../../state/events.ts';
import type { ReadyDrawing, State } from '../../state/state.ts';
import { type LessonEntry, type Step, stepEvents } from '../step.tsx';

const loaded = new Map<string, ReturnType<LessonEntry['load']>>();

/** Fetches each lesson once; a failed fetch is retried on the next request. */
export function lessonText(entry: LessonEntry): ReturnType<LessonEntry['load']> {
  const known = loaded.get(entry.name) ?? entry.load();
  loaded.set(entry.name, known);
  known.catch(() => loaded.delete(entry.name));
  return known;
}

/** The drawing of a link, null if it is unreadable; the decoder is loaded on first use. Null: the link has none. */
function lessonDrawing(link?: string): Promise<ReadyDrawing | null> | null {
  return link?.includes('&data=') ? decoded(link).catch(() => null) : null;
}

/** Sets the lab up for a step once its drawing is decoded; `isStill`: the step is still the current one. */
export function begin(
  step: Pick<Step, 'link' | 'begins'>,
  { now, dispatch }: { readonly now: () => State; readonly dispatch: (event: PageEvent) => void },
  isStill: () => boolean,
  begun: () => void,
): void {
  const to = (drawing: ReadyDrawing | null) => {
    if (!isStill()) return;
    for (const event of stepEvents(step, now(), drawing)) dispatch(event);
    begun();
  };
  const drawing = lessonDrawing(step.link);
  if (drawing) void drawing.then(to);
  else to(null);
}

async function decoded(link: string): Promise<ReadyDrawing | null> {
  const { decodeData } = await import('../../experiment/matrix-file/decode-data.ts');
  const read = await decodeData(parseLink(link).experiment.data);
  return 'drawing' in read ? read.drawing : null;
}
