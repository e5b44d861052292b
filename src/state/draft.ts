import type { DraftMessage } from '../engine/protocol/draft.ts';
import { isPaintingData } from '../experiment/settings/data-kind.ts';
import { editShadeOf, NO_PAINT } from '../experiment/targets/painting.ts';
import { resample } from '../experiment/targets/resample.ts';
import { isFirst } from './places.ts';
import type { State } from './state.ts';
import { RANK_EIGHT } from './tour.ts';
import type { Draft, DraftEvent, DraftResult, Ground, Paint } from './view.ts';

/** Cells along a side of the sheet. */
export const SIDE = 64;
/** Strokes that Undo can revert. */
const REMEMBERED = 100;

export const blankSheet = (): Paint => new Float64Array(SIDE * SIDE).fill(NO_PAINT);

export function updateDraft(state: State, event: DraftEvent): State {
  if (event.type === 'draw') return event.on === null ? { ...state, editor: null } : opened(state, event.on);
  if (event.type === 'drafted') return answered(state, event.answer);
  if (event.type === 'discarded') return withoutDraft(state, event.on);
  const { editor } = state;
  const draft = editor && state.drafts[editor];
  if (!draft) return state;
  switch (event.type) {
    case 'painted': {
      const past = [...draft.past, draft.paint].slice(-REMEMBERED);
      return withDraft(state, editor, { ...draft, paint: event.paint, past, order: draft.order + 1 });
    }
    case 'unpainted': {
      const paint = draft.past.at(-1);
      if (!paint) return state;
      return withDraft(state, editor, { ...draft, paint, past: draft.past.slice(0, -1), order: draft.order + 1 });
    }
    default:
      return event satisfies never;
  }
}

/** The ranks whose best updates are shown; the current one replaces the last if it is not among them. */
const RANKS = [1, 2, 4, 8];

/** The rank at which a drawing will be trained. */
export const draftRank = ({ view, experiment }: Pick<State, 'view' | 'experiment'>): number =>
  isFirst(view) ? RANK_EIGHT.rank : experiment.rank;

export function draftRequest(state: State): DraftMessage | null {
  const { editor, drafts, experiment } = state;
  const draft = editor && drafts[editor];
  if (!draft) return null;
  const { d, k } = experiment;
  const rank = draftRank(state);
  const ranks = [...new Set([...RANKS.slice(0, RANKS.includes(rank) ? 4 : 3), rank])].sort((a, b) => a - b);
  return { on: editor, order: draft.order, paint: draft.paint, d, k, ranks };
}

function opened(state: State, on: Ground): State {
  const known = state.drafts[on];
  const draft: Draft = known ?? { paint: present(state, on), past: [], order: 0, answer: null };
  return { ...withDraft(state, on, draft), editor: on, panel: null };
}

/** The current target if it is a drawing on this ground. */
function present({ drawing, experiment }: State, on: Ground): Paint {
  const { target, data } = experiment;
  if (!drawing || !('data' in drawing) || data === '') return blankSheet();
  if (on === 'paper') return target === 'picture' ? resample(drawing, SIDE, SIDE).data : blankSheet();
  if (target !== 'edit' || !isPaintingData(data)) return blankSheet();
  const shade = editShadeOf(drawing);
  return blankSheet().map((_, i) => shade(((i % SIDE) + 0.5) / SIDE, (Math.floor(i / SIDE) + 0.5) / SIDE) ?? NO_PAINT);
}

function withDraft(state: State, on: Ground, draft: Draft): State {
  return { ...state, drafts: { ...state.drafts, [on]: draft } };
}

function withoutDraft(state: State, on: Ground): State {
  const { [on]: _, ...drafts } = state.drafts;
  return { ...state, drafts, editor: state.editor === on ? null : state.editor };
}

function answered(state: State, answer: DraftResult): State {
  const draft = state.drafts[answer.on];
  if (!draft || (draft.answer && draft.answer.order > answer.order)) return state;
  return withDraft(state, answer.on, { ...draft, answer });
}
