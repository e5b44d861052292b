import type { AdaptersEvent, AdaptersState } from './adapters-state.ts';

/** How the first file is to be cut, after an event. */
export function onResize(
  state: AdaptersState,
  event: Extract<AdaptersEvent, { type: 'resize' | 'cut' | 'way' }>,
): AdaptersState {
  const { resize } = state;
  switch (event.type) {
    case 'resize':
      return { ...state, written: null, resize: { ...resize, ...event.changes } };
    case 'way':
      return { ...state, written: null, resize: { ...resize, way: event.way } };
    case 'cut':
      return state;
    default:
      return event satisfies never;
  }
}
