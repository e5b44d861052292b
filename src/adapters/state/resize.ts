import type { AdaptersEvent, AdaptersState } from './adapters-state.ts';
import { cutOf } from './foretold.ts';

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
      return cutByHand(state, event.module, event.rank);
    default:
      return event satisfies never;
  }
}

/** Ranks set one by one begin with what the plan gives, its limits among it. */
function cutByHand(state: AdaptersState, module: number, rank: number): AdaptersState {
  const cut = cutOf(state);
  const own = cut?.file.adapter.modules[module]?.rank;
  if (!cut?.spectra[module] || own === undefined) return state;
  const wanted = Math.max(1, Math.min(own, Math.round(rank)));
  if (wanted === cut.foretold.ranks[module]) return state;
  const ranks = cut.foretold.ranks.map((before, i) => (i === module ? wanted : before));
  return {
    ...state,
    written: null,
    resize: { ...state.resize, way: { by: 'hand', ranks }, most: null, mostOfConvolutions: null },
  };
}
