import { rounded } from '../experiment/numbers.ts';
import type { Contradiction } from './contradiction.ts';
import { type NewNotice, withNotice } from './notices.ts';
import type { State } from './state.ts';

/** The page with what was found of a run file, each told once. */
export function withContradictions(state: State, found: readonly Contradiction[]): State {
  const { contradictions: known } = state.run;
  const fresh = found.filter(({ of }) => !known.some((k) => k.of === of));
  if (fresh.length === 0) return state;
  const contradictions = [...known, ...fresh];
  return withNotice({ ...state, run: { ...state.run, contradictions } }, contradictedNotice(contradictions));
}

function contradictedNotice(all: readonly Contradiction[]): NewNotice {
  const told = all.map(sentence).join(' ');
  const atStart = all.some(({ of }) => of === 'A' || of === 'B' || of === 'first loss');
  return {
    about: 'recorded',
    tone: 'bad',
    title: atStart ? 'This run file contradicts its own link.' : 'This run file ends elsewhere than its link.',
    texts: [
      atStart
        ? `${told} The recorded numbers are not those of this link.`
        : `${told} Near divergence rounding alone can part them; else the recorded end is not that of this link.`,
      'What follows is computed from the link.',
    ],
    actions: [],
  };
}

function sentence(found: Contradiction): string {
  switch (found.of) {
    case 'A':
    case 'B':
      return `Its ${found.of} at step 0 is another one.`;
    case 'first loss':
    case 'last loss':
      return `Its loss at step ${found.step} is ${rounded(found.recorded, 3)}, the link’s ${rounded(found.link, 3)}.`;
    case 'last product':
      return `Its B·A at step ${found.step} is another one.`;
    default:
      return found satisfies never;
  }
}
