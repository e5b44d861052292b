import './teach.css';
import { useWindowKeys } from '../../../kit/arrows.ts';
import { Button, LinkButton } from '../../../kit/button.tsx';
import { goTo } from '../../../state/places.ts';
import type { State } from '../../../state/state.ts';
import { isKeyTaken } from '../../../ui/keys/keys.ts';
import { Press, useDispatch, useGetLab, useLab } from '../../../ui/page.tsx';
import { clockOf, type PlanLine, planOf } from './plans.ts';

/** The line of the plan that is being taught, above every screen. ← and → walk through the lines. */
export default function PlanStrip() {
  const plan = useLab((s) => planOf(s.teaching.plan));
  const dispatch = useDispatch();
  const now = useGetLab();
  const { lines } = plan;
  const line = useLab((s) => Math.min(s.teaching.line ?? 0, lines.length - 1));
  const { who, text } = lines[line];
  const end = () => dispatch({ type: 'teaching', teaching: { plan: plan.name, line: null } });
  const walk = (by: number) => {
    const to = line + by;
    if (!lines[to]) return;
    dispatch({ type: 'teaching', teaching: { plan: plan.name, line: to } });
    location.hash = lines[to].link;
  };
  useWindowKeys(
    (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      const focus = event.target instanceof Element ? event.target : null;
      if (by === undefined || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      if (isKeyTaken(event, focus) || focus?.closest('.figure-slot') || turnsStep(now(), lines[line], by)) return;
      event.preventDefault();
      if (!event.repeat) walk(by);
    },
    { capture: true },
  );
  return (
    <aside className="plan-strip" aria-label={`Plan: ${plan.title}`}>
      <p className="grow" role="status">
        <b>{clockOf(plan, line)}</b> {who}: {text}
      </p>
      <span className="row">
        <Button aria-label="Previous line" disabled={line === 0} onClick={() => walk(-1)}>
          ←
        </Button>
        {line + 1} of {lines.length}
        <Button aria-label="Next line" disabled={line === lines.length - 1} onClick={() => walk(1)}>
          →
        </Button>
        <Press className="link" event={goTo('teach')}>
          Plan
        </Press>
        <LinkButton onClick={end}>End</LinkButton>
      </span>
    </aside>
  );
}

/** Whether an arrow turns a step of the lesson that the line is about, up to the last that belongs to it. */
function turnsStep({ view }: State, { link, until }: PlanLine, by: number): boolean {
  const first = Number(/&step=(\d+)/.exec(link)?.[1]);
  if (until === undefined || !link.includes(`lesson=${view.lesson}&`)) return false;
  return by > 0 ? view.step < until : view.step > first;
}
