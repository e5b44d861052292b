import './bar.css';
import { Experiments } from './bar/experiments.tsx';
import { History } from './bar/history.tsx';
import { More } from './bar/more.tsx';
import { PageActions } from './bar/page-actions.tsx';
import { ShareButton } from './bar/share-button.tsx';
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
