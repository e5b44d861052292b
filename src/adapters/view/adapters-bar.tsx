import '../../ui/bar/bar.css';
import { useWidth } from '../../kit/media.tsx';
import { Menu } from '../../kit/menu.tsx';
import type { PageEvent } from '../../state/events.ts';
import { Mark } from '../../ui/bar/bar.tsx';
import { Action, ThemePicker } from '../../ui/bar/page-actions.tsx';
import { useDispatch } from '../../ui/page.tsx';

const LAB: PageEvent = { type: 'viewed', changes: { view: 'lab', lesson: '', step: 1 } };
const LESSONS: PageEvent = { type: 'viewed', changes: { view: 'lab', lesson: 'contents', step: 1 } };

/** The head of the page of adapters: it is no lab, so it has none of a lab's actions. */
export function AdaptersBar() {
  const phone = useWidth() === 'phone';
  return (
    <header className="bar adapters-bar">
      <h1>
        <Mark />
        LoRA Explorer
      </h1>
      <nav className="places" aria-label="Places">
        {!phone && (
          <>
            <Place event={LAB} name="Lab" />
            <Place event={LESSONS} name="Lessons" />
          </>
        )}
        <span className="link place" aria-current="page">
          Adapters
        </span>
      </nav>
      <span className="sp" />
      {!phone && <span className="stays">Nothing leaves this device</span>}
      <Menu label="More" kind="more">
        {phone && (
          <>
            <Action event={LAB}>Lab</Action>
            <Action event={LESSONS}>Lessons</Action>
          </>
        )}
        <Action event={{ type: 'command', command: 'copy-link' }}>Copy link</Action>
        <Action event={{ type: 'panel', panel: { name: 'keys' } }}>Shortcuts</Action>
        <ThemePicker />
        <Action event={{ type: 'panel', panel: { name: 'about' } }}>About</Action>
      </Menu>
    </header>
  );
}

function Place({ event, name }: { readonly event: PageEvent; readonly name: string }) {
  const dispatch = useDispatch();
  return (
    <button type="button" className="link place" onClick={() => dispatch(event)}>
      {name}
    </button>
  );
}
