import './task-charts.css';
import { type ReactNode, useId, useState } from 'react';
import { accuracy } from '../../charts/network/accuracy.ts';
import { explainKept, type KeptScene, kept, keptSentence } from '../../charts/network/kept.ts';
import { explainRanks, type RanksScene, ranks, ranksSentence } from '../../charts/network/ranks.ts';
import { ReadFigure } from '../../kit/figure.tsx';
import { useWidth } from '../../kit/media.tsx';
import { Menu } from '../../kit/menu.tsx';
import { Tabs } from '../../kit/tabs.tsx';
import { ChartFigure } from '../figures/chart-figure.tsx';

type TaskChart = 'accuracy' | 'kept' | 'ranks';

/** Names of the tabs on a phone. */
const SHORT: readonly (readonly [TaskChart, string])[] = [
  ['accuracy', 'Accuracy'],
  ['kept', 'Kept'],
  ['ranks', 'Rank'],
];

interface TaskChartsProps {
  /** `pointed` is the figure's own. Null: not known yet. */
  readonly kept: Omit<KeptScene, 'pointed'> | null;
  readonly ranks: Omit<RanksScene, 'pointed'> | null;
  /** Below the plane and below the ranks: what draws their paths and rings. */
  readonly sweep?: ReactNode;
}

/** The charts of a task: what it learns, what it forgets, and what its rank allows. Behind tabs on a phone. */
export function TaskCharts({ sweep, ...scenes }: TaskChartsProps) {
  const phone = useWidth() === 'phone';
  const [tab, setTab] = useState<TaskChart>('accuracy');
  const id = useId();
  const figures: Readonly<Record<TaskChart, ReactNode>> = {
    accuracy: <ChartFigure key="accuracy" chart={accuracy} />,
    kept: scenes.kept && <KeptFigure key="kept" scene={scenes.kept} sweep={sweep} />,
    ranks: scenes.ranks && <RanksFigure key="ranks" scene={scenes.ranks} sweep={sweep} />,
  };
  const tabs = SHORT.filter(([name]) => figures[name] !== null);
  if (!phone)
    return (
      <section className="charts task-charts" aria-label="Charts of the task">
        {tabs.map(([name]) => figures[name])}
      </section>
    );
  const shown = figures[tab] === null ? 'accuracy' : tab;
  return (
    <div className="tabbed">
      <Tabs aria-label="Charts of the task" panel={id} tabs={tabs} shown={shown} onShow={setTab} />
      <div className="charts task-charts" role="tabpanel" id={id} aria-labelledby={`${id}-${shown}`}>
        {figures[shown]}
      </div>
    </div>
  );
}

interface PropFigure<S> {
  readonly scene: Omit<S, 'pointed'>;
  readonly sweep: ReactNode;
}

function KeptFigure({ scene, sweep }: PropFigure<KeptScene>) {
  const whole = { ...scene, pointed: null };
  return (
    <div className="task-chart">
      <ReadFigure
        chart={kept}
        scene={whole}
        title={kept.title}
        row={<Explanation title={kept.title} paragraphs={explainKept(whole)} />}
        help={kept.help(whole)}
      />
      <Below sentence={keptSentence(whole)} sweep={scene.paths.length === 0 && sweep} />
    </div>
  );
}

function RanksFigure({ scene, sweep }: PropFigure<RanksScene>) {
  const whole = { ...scene, pointed: null };
  return (
    <div className="task-chart">
      <ReadFigure
        chart={ranks}
        scene={whole}
        title={ranks.title}
        row={<Explanation title={ranks.title} paragraphs={explainRanks(whole)} />}
        help={ranks.help(whole)}
      />
      <Below sentence={ranksSentence(whole)} sweep={scene.ranks.every(({ best }) => best === null) && sweep} />
    </div>
  );
}

function Below({ sentence, sweep }: { readonly sentence: string; readonly sweep: ReactNode }) {
  return (
    <>
      {sentence !== '' && <p className="task-sentence">{sentence}</p>}
      {sweep}
    </>
  );
}

function Explanation({ title, paragraphs }: { readonly title: string; readonly paragraphs: readonly string[] }) {
  return (
    <Menu label="?" name={`What am I looking at? ${title}`} kind="why">
      {paragraphs.map((text) => (
        <p key={text}>{text}</p>
      ))}
    </Menu>
  );
}
