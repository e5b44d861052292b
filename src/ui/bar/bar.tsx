import './bar.css';
import { useWidth } from '../media.tsx';
import { Experiments } from './experiments.tsx';
import { History, More, PageActions, ShareButton } from './page-actions.tsx';

/** The page's head: what this is, which experiment, and what can be done with it. */
export function Bar() {
  const desk = useWidth() === 'desk';
  return (
    <header className="bar">
      <h1>LoRA Explorer</h1>
      <Experiments />
      {desk && <History />}
      <span className="sp" />
      {desk ? <PageActions /> : <More />}
      <ShareButton />
    </header>
  );
}
