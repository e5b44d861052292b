import './bar.css';
import { useWidth } from '../media.tsx';
import { Experiments } from './experiments.tsx';
import { Action, EXPORT, History, LastRun, More, PRESENT, ShareButton } from './page-actions.tsx';

/** The page's head: what this is, which experiment, and what can be done with it. A phone has the most of it under More. */
export function Bar() {
  const width = useWidth();
  const desk = width === 'desk';
  return (
    <header className="bar">
      <h1>LoRA Explorer</h1>
      <Experiments />
      {width !== 'phone' && <LastRun />}
      <span className="sp" />
      {desk && (
        <>
          <History />
          <Action event={EXPORT}>Export</Action>
          <Action event={PRESENT}>Present</Action>
        </>
      )}
      <More width={width} />
      {width !== 'phone' && <ShareButton />}
    </header>
  );
}
