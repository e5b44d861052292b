import { useEffect, useState } from 'react';
import { type Frame, Pointers } from '../../ui/tour/pointers.tsx';
import { LAB } from '../step.tsx';

/** The parts of the page that the step is about, each with a ring and its number. */
export function StepMarks({ shows }: { readonly shows: readonly string[] }) {
  const [frames, setFrames] = useState<readonly Frame[]>([]);
  useEffect(
    () =>
      setFrames(shows.map((at, i) => ({ at, kind: 'box', className: 'mark', tag: String(i + 1), tagAt: placeOf(at) }))),
    [shows],
  );
  useInSight(shows);
  return <Pointers frames={frames} />;
}

/** A matrix of the strip has its name right above it, a row of the calculator likewise; left of B there is space. */
function placeOf(at: string): Frame['tagAt'] {
  if (at === LAB.B) return 'left';
  return at.includes('[data-matrix=') || at.includes('[data-module=') ? 'right' : 'corner';
}

/** If the text is sticky, scrolls the step's subject into view too: when the step begins, and once it is drawn. */
function useInSight(shows: readonly string[]): void {
  useEffect(() => {
    const { position } = getComputedStyle(document.querySelector('.lesson') ?? document.body);
    if (position === 'static' || shows.length === 0) return;
    const measure = () => {
      // A sheet leaves only the height of the matrices.
      if (position === 'fixed') document.querySelector('.hero')?.scrollIntoView();
      for (const at of shows.toReversed()) {
        const marked = document.querySelector<HTMLElement>(at);
        if (marked) marked.style.scrollMargin = '16px';
        marked?.scrollIntoView({ block: 'nearest' });
      }
    };
    measure();
    const timer = setTimeout(measure, DRAWN);
    return () => clearTimeout(timer);
  }, [shows]);
}

/** Delay in ms until a chart opened by a step is drawn. */
const DRAWN = 400;
