import './bar.css';
import { Experiments } from './bar/experiments.tsx';
import { History, More, PageActions, ShareButton } from './bar/page-actions.tsx';
import { useWidth } from './media.tsx';

/** The page's head: what this is, which experiment, and what can be done with it. */
export function Bar() {
  const desk = useWidth() === 'desk';
  return (
    <header className="bar">
      <h1>LoRA explorer</h1>
      <Experiments />
      {desk && <History />}
      <span className="sp" />
      {desk ? <PageActions /> : <More />}
      <ShareButton />
    </header>
  );
}
