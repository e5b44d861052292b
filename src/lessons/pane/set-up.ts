import { useCallback, useEffect, useRef, useState } from 'react';
import { settingsLink } from '../../experiment/link/link.ts';
import type { State } from '../../state/state.ts';
import { useDispatch, useGetLab } from '../../ui/page.tsx';
import type { Step } from '../step.tsx';
import { begin } from './lesson-parts.ts';

/** The lab's settings, as far as a step sets them. */
const shownSettings = ({ experiment }: State) => settingsLink(experiment);

/** Sets the lab and the calculator up when a step begins; if the reader has changed them there, as they were left. */
export function useSetUp(step: Step) {
  const dispatch = useDispatch();
  const now = useGetLab();
  const [begun, setBegun] = useState<Step | null>(null);
  const [asLeft, setAsLeft] = useState(false);
  /** The settings after the reader's last change in a step by other means than the lesson's. */
  const byHand = useRef(new Map<Step, string>());
  const costs = useRef(new Map<Step, string>());
  const asked = useRef<Step | null>(null);
  const setUp = useCallback(
    (link = step.link) => {
      asked.current = step;
      setAsLeft(link !== step.link);
      begin(
        { ...step, link },
        { now, dispatch },
        () => asked.current === step,
        () => setBegun(step),
      );
    },
    [step, now, dispatch],
  );
  const setUpAgain = () => {
    byHand.current.delete(step);
    setUp();
  };
  useEffect(() => {
    const { cost } = step;
    // A link that opens a lesson may have a setting of its own.
    const fromLink = asked.current === null && costs.current.size === 0 && !now().left && now().view.cost !== '';
    if (cost !== undefined && !fromLink)
      dispatch({ type: 'viewed', changes: { cost: costs.current.get(step) ?? cost } });
    if (step.link === undefined && step.begins === undefined) setBegun(step);
    else setUp(byHand.current.get(step));
    return () => {
      if (cost !== undefined) costs.current.set(step, now().view.cost);
    };
  }, [step, now, dispatch, setUp]);
  useEffect(() => {
    const note = (event: Event) => {
      const from = event.target instanceof Element ? event.target : null;
      // Only controls of the lab or the rail, not of the text.
      if (!from || from.closest('.lesson') || !from.closest('#main, .rail, .bar')) return;
      const before = shownSettings(now());
      // After the control's own effect.
      requestAnimationFrame(() => {
        const after = shownSettings(now());
        if (after !== before && asked.current === step) byHand.current.set(step, after);
      });
    };
    const kinds = ['input', 'change', 'click', 'keydown'];
    for (const kind of kinds) window.addEventListener(kind, note, true);
    return () => {
      for (const kind of kinds) window.removeEventListener(kind, note, true);
    };
  }, [step, now]);
  return { begun, asLeft, setUp: setUpAgain };
}
