import './panels.css';
import { type ReactNode, useId, useRef, useState } from 'react';
import { type Shares, titleOf } from '../../charts/chart.ts';
import { chartByName } from '../../charts/chart-lookup.ts';
import { EXPLANATIONS } from '../../charts/explanations.ts';
import { presets } from '../../experiment/presets.ts';
import { targets } from '../../experiment/targets/index.ts';
import { Check } from '../../kit/button.tsx';
import { Formula } from '../../kit/formula/formula.tsx';
import { Subscripts } from '../../kit/symbols.tsx';
import { MAX_NOTE_LENGTH, MAX_TITLE_LENGTH } from '../../state/collection/collection.ts';
import { isAdapters } from '../../state/places.ts';
import type { State } from '../../state/state.ts';
import { History } from '../bar/bar.tsx';
import { LengthLimit } from '../controls/numeric.tsx';
import { KEYS } from '../keys/list.ts';
import { sceneOf } from '../lab-scene.ts';
import { lazyPart, Press, useDispatch, useLab } from '../page.tsx';
import { Rail } from '../rail/rail.tsx';
import { chipWords } from '../words/backend.ts';
import { Dialog } from './dialog.tsx';
import { DifferencePanel } from './difference.tsx';
import { ExportPanel } from './export.tsx';
import { HandInPanel } from './hand-in.tsx';
import { InitsPanel } from './inits.tsx';
import { MatrixPanel } from './matrix.tsx';
import { MergePanel } from './merge.tsx';
import { SharePanel } from './share.tsx';
import { TablePanel } from './table.tsx';

const VERSION: string = import.meta.env.VITE_APP_VERSION;

const PAPERS: readonly { readonly title: string; readonly by: string; readonly arxiv: string }[] = [
  {
    title: 'LoRA: Low-Rank Adaptation of Large Language Models',
    by: 'Edward J. Hu, Yelong Shen, Phillip Wallis, Zeyuan Allen-Zhu, Yuanzhi Li, Shean Wang, Lu Wang, Weizhu Chen, 2021',
    arxiv: '2106.09685',
  },
  {
    title: 'A Rank Stabilization Scaling Factor for Fine-Tuning with LoRA (the rule α/√r)',
    by: 'Damjan Kalajdzievski, 2023',
    arxiv: '2312.03732',
  },
  {
    title: 'PiSSA: Principal Singular Values and Singular Vectors Adaptation of Large Language Models',
    by: 'Fanxu Meng, Zhaohui Wang, Muhan Zhang, 2024',
    arxiv: '2404.02948',
  },
  {
    title: 'LoRA-GA: Low-Rank Adaptation with Gradient Approximation',
    by: 'Shaowen Wang, Linxi Yu, Jian Li, 2024',
    arxiv: '2407.05000',
  },
];

function AboutPanel() {
  const engine = useLab((s) => chipWords(s.run));
  return (
    <Dialog title="About LoRA Explorer" kind="about">
      <p>
        LoRA, low-rank adaptation, fine-tunes a model without changing its weights: it adds the product of two thin
        matrices to a large frozen one, and trains only the thin ones. This page trains such a layer in your browser and
        shows all of its numbers. Nothing you do here leaves your device.
      </p>
      <dl className="pairs">
        <dt>Version</dt>
        <dd>{VERSION}</dd>
        <dt>License</dt>
        <dd>
          MIT; <Out to="./licenses.md">licenses of the libraries it uses</Out>
        </dd>
        <dt>Digits</dt>
        <dd>
          Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, 1998, UCI Machine Learning Repository,{' '}
          <Out to="https://doi.org/10.24432/C50P49">doi 10.24432/C50P49</Out>, CC BY 4.0
        </dd>
        <dt>Source</dt>
        <dd>In the page’s repository, where src/README.md is a guided tour of the code.</dd>
        <dt>Computed by</dt>
        <dd>
          {engine}{' '}
          <Press className="link under" event={{ type: 'panel', panel: { name: 'difference' } }}>
            How it is computed
          </Press>
        </dd>
      </dl>
      <h3>Papers</h3>
      <ul className="papers">
        {PAPERS.map(({ title, by, arxiv }) => (
          <li key={arxiv}>
            {title}. {by}. <Out to={`https://arxiv.org/abs/${arxiv}`}>arXiv {arxiv}</Out>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function Out({ to, children }: { readonly to: string; readonly children: ReactNode }) {
  return (
    <a className="under" href={to} target="_blank" rel="noreferrer">
      {children}
    </a>
  );
}

const PlanRail = lazyPart(async () => ({ default: (await import('../sweep/plan-rail.tsx')).PlanRail }));
const ShareOwlPanel = lazyPart(() => import('./owl/share-owl.tsx'));
const DialsPanel = lazyPart(() => import('./dials.tsx'));
const FightPanel = lazyPart(() => import('../experiments/which/lab-fight.tsx'));
const ForgetPanel = lazyPart(() => import('../bar/forget.tsx'));
const SweepTable = lazyPart(() => import('../sweep/sweep-table.tsx'));

export function Panels() {
  const panel = useLab((s) => s.panel);
  if (panel === null) return null;
  switch (panel.name) {
    case 'share':
      return <SharePanel />;
    case 'share-owl':
      return <ShareOwlPanel />;
    case 'keep':
      return <KeepPanel />;
    case 'export':
      return <ExportPanel />;
    case 'keys':
      return <KeysPanel />;
    case 'inits':
      return <InitsPanel />;
    case 'matrix':
      return <MatrixPanel read={panel.read} />;
    case 'about':
      return <AboutPanel />;
    case 'forget':
      return <ForgetPanel />;
    case 'difference':
      return <DifferencePanel />;
    case 'dials':
      return <DialsPanel />;
    case 'fight':
      return <FightPanel />;
    case 'merge':
      return <MergePanel />;
    case 'handin':
      return <HandInPanel />;
    case 'rail':
      return <RailSheet />;
    case 'explain':
      return <ExplainPanel key={panel.chart} chart={panel.chart} />;
    case 'table':
      return panel.chart.startsWith('sweep') ? (
        <SweepTable chart={panel.chart} />
      ) : (
        <TablePanel key={panel.chart} chart={panel.chart} />
      );
    default:
      return panel satisfies never;
  }
}

/** The whole rail, if the page has no column for it. */
function RailSheet() {
  const sweeps = useLab((s) => s.view.view === 'sweep');
  return (
    <Dialog title="Set up" kind="sheet">
      <History />
      {sweeps ? <PlanRail /> : <Rail />}
    </Dialog>
  );
}

/** Shortcuts of the page of adapters, which handles them itself. */
const ADAPTER_KEYS: readonly Pick<(typeof KEYS)[number], 'shown' | 'does'>[] = [
  { shown: ['[', ']'], does: 'overview: previous, next module' },
  { shown: ['t'], does: 'overview: the table of all modules' },
  { shown: ['e'], does: 'overview: save the table as CSV' },
  { shown: ['Enter'], does: 'grid: choose the module that the arrow keys have led to' },
  { shown: ['Esc'], does: 'grid: back to the chosen module; close a panel' },
];

function KeysPanel() {
  const on = useLab((s) => s.shortcuts);
  const adapters = useLab((s) => isAdapters(s.view));
  const dispatch = useDispatch();
  return (
    <Dialog title="Shortcuts" kind="keys">
      <Check checked={on} onChange={(checked) => dispatch({ type: 'shortcuts', on: checked })}>
        Use keyboard shortcuts
      </Check>
      <table>
        <caption className="unseen">What each key does</caption>
        <tbody>
          {(adapters ? ADAPTER_KEYS : KEYS).map(({ shown, does }) => (
            <tr key={does}>
              <th scope="row" className="whole">
                {shown.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </th>
              <td>{does}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="note">
        They are off while you type. Outside Present, Space and the arrow keys scroll the page or act on the control,
        chart or matrix that has the focus. Undo and redo work even if shortcuts are turned off.
      </p>
    </Dialog>
  );
}

function ExplainPanel({ chart: name }: { readonly chart: string }) {
  const chart = chartByName(name);
  const scene = useLab((s) => sceneOf(s, chart.axis, chart.whole));
  const { paragraphs, formulas, numbers, shares } = EXPLANATIONS[chart.name](scene);
  return (
    <Dialog title={titleOf(chart, scene)} kind="explain" anchor={`figure[data-chart="${name}"]`}>
      <div className="prose">
        <p className="lead">{chart.describe(scene)}</p>
        {shares && <SharesFigure {...shares} />}
        {paragraphs.map((text) => (
          <p key={text}>
            <Subscripts>{text}</Subscripts>
          </p>
        ))}
        {formulas.map((part) => (
          <p key={part} className="shown">
            <Formula>{part}</Formula>
          </p>
        ))}
        {numbers && (
          <>
            <p className="note">With the numbers of this run at step {scene.step}:</p>
            <p className="shown">
              <Subscripts>{numbers}</Subscripts>
            </p>
          </>
        )}
      </div>
    </Dialog>
  );
}

/** The shares p₁, p₂, … as bars, and as a frame of the same area n equal ones, n being the effective rank. */
function SharesFigure({ values, equal, words }: Shares) {
  const tallest = Math.max(values[0] ?? 0, equal > 0 ? 1 / equal : 0);
  if (tallest === 0) return null;
  return (
    <figure className="shares">
      <svg className="chart" viewBox={`0 0 ${values.length} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        {values.map((share, i) => {
          const height = (HEIGHT * share) / tallest;
          return <rect key={i} className="dw fill" x={i + 0.1} y={HEIGHT - height} width={0.8} height={height} />;
        })}
        <path
          className="frame ink stroke"
          d={`M0 ${HEIGHT}V${HEIGHT - HEIGHT / (equal * tallest)}H${equal}V${HEIGHT}`}
        />
      </svg>
      <figcaption className="note">{words}</figcaption>
    </figure>
  );
}

/** In the picture's own units. */
const HEIGHT = 1;

function runName({ preset, experiment }: State): string {
  if (preset !== null) return presets.byName(preset).label;
  return `${targets.byName(experiment.target).label}, rank ${experiment.rank}`;
}

function KeepPanel() {
  const proposed = useLab(runName);
  const [title, setTitle] = useState(proposed);
  const [note, setNote] = useState('');
  const dispatch = useDispatch();
  const first = useRef<HTMLInputElement>(null);
  const id = useId();
  const keep = () => {
    dispatch({ type: 'panel', panel: null });
    dispatch({ type: 'command', command: { mine: { keep: { title, note } } } });
  };
  return (
    <Dialog title="Save these settings" kind="keep" first={first}>
      <form
        className="keep-form"
        onSubmit={(event) => {
          event.preventDefault();
          keep();
        }}
      >
        <label htmlFor={`${id}-title`}>Title</label>
        <input
          ref={first}
          id={`${id}-title`}
          maxLength={MAX_TITLE_LENGTH}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <LengthLimit text={title} most={MAX_TITLE_LENGTH} />
        <label htmlFor={`${id}-note`}>Note (one line, optional)</label>
        <input
          id={`${id}-note`}
          maxLength={MAX_NOTE_LENGTH}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <LengthLimit text={note} most={MAX_NOTE_LENGTH} />
        <p className="note">
          Saved on this device only, with a small picture of what is on screen: the settings, not the trained run.
        </p>
        <button type="submit" className="btn main">
          Save
        </button>
      </form>
    </Dialog>
  );
}
