import type { KeyboardEvent } from 'react';
import type { Rect } from '../../charts/matrices/strip-layout.ts';
import { useDispatch, useShown } from '../page.tsx';
import type { CaptionFacts } from './captions.ts';
import { move } from './hit.ts';

/** The frame of ΔW that takes the keyboard: arrow keys move the cell that is read. */
export function Walker({ rect, facts }: { readonly rect: Rect; readonly facts: CaptionFacts }) {
  const cell = useShown((s) => s.cell);
  const dispatch = useDispatch();
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const next = move(facts, cell, event.key, facts.blocks);
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    dispatch({ type: 'cell', cell: next });
  };
  const { x, y, width, height } = rect;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a picture that arrow keys walk through; no element is that
    <div
      className="walker"
      role="group"
      aria-label="Cells of ΔW: arrow keys read them"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
      tabIndex={0}
      data-arrows=""
      style={{ left: x, top: y, width, height }}
      onKeyDown={press}
      onBlur={() => dispatch({ type: 'cell', cell: null })}
    />
  );
}
