import { describe, expect, it } from 'vitest';
import type { DraftResultMessage } from '../engine/protocol/draft.ts';
import { NO_PAINT } from '../experiment/targets/painting.ts';
import { blankSheet, draftRequest, SIDE } from './draft.ts';
import type { PageEvent } from './events.ts';
import { initialState, type State } from './state.ts';
import { update } from './update.ts';
import type { Draft } from './view.ts';

const after = (events: readonly PageEvent[], state = initialState({ backend: null, stepper: null })) =>
  events.reduce(update, state);
const sheet = (cell: number) => blankSheet().fill(0.5, cell, cell + 1);
const draw: PageEvent = { type: 'draw', on: 'owl' };
const stroke = (cell: number): PageEvent => ({ type: 'painted', paint: sheet(cell) });
const onOwl = (state: State): Draft | undefined => state.drafts.owl;
const answer = (order: number) => ({ on: 'owl', order, singularValues: new Float64Array(1) }) as DraftResultMessage;

describe('a drawing that is not in use yet', () => {
  it('begins blank, and takes each stroke back, at least fifty of them', () => {
    const strokes = Array.from({ length: 60 }, (_, i) => stroke(i));
    const drawn = after([draw, ...strokes]);
    expect(onOwl(drawn)?.paint).toEqual(sheet(59));
    const back = after(new Array<PageEvent>(50).fill({ type: 'unpainted' }), drawn);
    expect(onOwl(back)?.paint).toEqual(sheet(9));
    const all = after(new Array<PageEvent>(70).fill({ type: 'unpainted' }), drawn);
    expect(onOwl(all)?.paint).toEqual(blankSheet());
  });

  it('stays when the editor is closed by anything but its own buttons', () => {
    const left = after([draw, stroke(5), { type: 'changed', changes: { target: 'rotation' } }]);
    expect(left.editor).toBeNull();
    const again = after([draw], left);
    expect(again.editor).toBe('owl');
    expect(onOwl(again)).toMatchObject({ paint: sheet(5), past: [blankSheet()] });
    expect(onOwl(after([{ type: 'discarded', on: 'owl' }, draw], again))?.paint).toEqual(blankSheet());
  });

  it('stays open while the rank moves, which asks for other pictures of the same sheet', () => {
    const first = after([draw, stroke(5)]);
    const moved = after([{ type: 'changed', changes: { rank: 3 } }], first);
    expect(moved.editor).toBe('owl');
    expect(draftRequest(first)).toMatchObject({ order: 1, ranks: [1, 2, 4, 8] });
    expect(draftRequest(moved)).toMatchObject({ order: 1, ranks: [1, 2, 3, 4] });
    expect(draftRequest(after([{ type: 'draw', on: null }], moved))).toBeNull();
  });

  it('has sheets of its own on either ground', () => {
    const both = after([draw, stroke(5), { type: 'draw', on: 'paper' }, stroke(6)]);
    expect(both.drafts).toMatchObject({ owl: { paint: sheet(5) }, paper: { paint: sheet(6) } });
  });

  it('begins with the painting or the drawing that is the target', () => {
    const drawing = { rows: SIDE, cols: SIDE, data: sheet(7) };
    const painting: PageEvent = { type: 'drawn', data: 'Fwx', drawing, changes: { target: 'edit', data: 'Fwx' } };
    expect(onOwl(after([painting, draw]))?.paint).toEqual(sheet(7));
    const grey = { ...drawing, data: sheet(7).map((v) => (v === NO_PAINT ? 0 : v)) };
    const paper = after([
      { type: 'drawn', data: 'abc', drawing: grey },
      { type: 'draw', on: 'paper' },
    ]);
    expect(paper.drafts.paper?.paint).toEqual(grey.data);
    expect(onOwl(after([draw], paper))?.paint).toEqual(blankSheet());
  });

  it('keeps the answer to its newest sheet, not one that comes late', () => {
    const drawn = after([draw, stroke(1), stroke(2)]);
    const told = after(
      [2, 1].map((order) => ({ type: 'drafted', answer: answer(order) }) as const),
      drawn,
    );
    expect(onOwl(told)?.answer?.order).toBe(2);
  });
});
