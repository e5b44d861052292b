import { useRef } from 'react';
import { RankSlider } from '../../ui/controls/numeric.tsx';
import { useDispatch, useNow } from '../../ui/page.tsx';
import type { Act } from '../step.tsx';

/** Where the lab stands below the text, what is pressed goes to the top of the window, so that what it shows is in sight. */
function bringBelow(pressed: Element | null, shows: readonly string[]): void {
  const lesson = pressed?.closest('.lesson');
  if (!lesson || getComputedStyle(lesson).position !== 'static') return;
  if (shows.some((at) => (document.querySelector(at)?.getBoundingClientRect().bottom ?? 0) > window.innerHeight))
    pressed?.scrollIntoView({ block: 'start' });
}

interface TryItProps {
  readonly act: Act;
  readonly shows: readonly string[];
  readonly seen: boolean;
}

/** The act of a step: a button or a live control in the text, and what was to be seen once it is done. */
export function TryIt({ act, shows, seen }: TryItProps) {
  const dispatch = useDispatch();
  const now = useNow();
  const place = useRef<HTMLDivElement>(null);
  const { label, does, Control, Status } = act;
  const press = () => {
    bringBelow(place.current, shows);
    for (const event of does?.(now()) ?? []) dispatch(event);
  };
  return (
    <div ref={place} className="try">
      <p>
        <b>Try it.</b> <act.Ask />
      </p>
      {Control && <Control />}
      {act.rank && <RankSlider />}
      {label !== undefined && (
        <button type="button" className={seen ? 'btn' : 'btn main'} onClick={press}>
          {label}
        </button>
      )}
      <div role="status" className="seen">
        {seen ? <act.Seen /> : Status && <Status />}
      </div>
    </div>
  );
}
