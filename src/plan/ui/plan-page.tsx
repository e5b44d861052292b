import './plan.css';
import { count, duration } from '../../experiment/numbers.ts';
import { useWidth } from '../../kit/media.tsx';
import { useThrottled } from '../../kit/throttled-text.ts';
import { Notices } from '../../ui/notices/notices.tsx';
import { usePageTitle } from '../../ui/page.tsx';
import { fileText, shareText } from '../model/cost-text.ts';
import { countType, fileBytes, GIB, memoryOf, rankOf, sumOf, totalsOf } from '../model/counts.ts';
import { fitOf, methodName, planBytes } from '../model/fit.ts';
import { headlineOf, planTitle } from '../model/headline.ts';
import { FORMAT_NAMES, type ModuleType, type OptimiserKind } from '../model/models.ts';
import type { Cost } from '../model/setting.ts';
import { scoreShare, timeOf } from '../model/time.ts';
import { Board, Opened, OwnConfig, useParts } from './calculator.tsx';
import { StorageChoices } from './choices.tsx';
import { FitPanel } from './fit-panel.tsx';
import { FormulaList, Item } from './formula-list.tsx';
import { Guidance, WhatCouldGoWrong } from './guidance.tsx';
import { AdaptBox, RankField, sizes, useRank } from './rank-table.tsx';
import { PlanSettings, RunSettings } from './settings.tsx';
import { CopyConfig, TakeAwayPanel } from './take-away.tsx';
import { useCost } from './use-cost.ts';

type PlanPart = 'own' | 'stored' | 'counted';

/** Plan a run: what an adapter of the visitor's model costs, and the settings to take along. */
export default function PlanPage() {
  const [cost] = useCost();
  const { id, open, toggle, part } = useParts<PlanPart>();
  const phone = useWidth() === 'phone';
  usePageTitle(planTitle(cost));
  const headline = headlineOf(cost);
  const said = useThrottled(headline);
  return (
    <main id="main" tabIndex={-1} className="screen plan-page">
      <Notices />
      <div className="stack calculator plan">
        <h2 className="page-title headline">{headline}</h2>
        <p className="unseen" role="status">
          {said}
        </p>
        <PlanSettings onOwn={() => toggle('own')} />
        {open === 'own' && (
          <Opened>
            <OwnConfig />
          </Opened>
        )}
        <div className="split chosen">
          <ModuleTable />
          <Guidance />
        </div>
        <PlanTotals />
        <RunSettings />
        <Board />
        <div className="row wrap">
          <span>{storedText(cost)}</span>
          {part('stored', 'Change', 'link under')}
          {part('counted', 'How each byte is counted', 'link under')}
        </div>
        {open !== null && open !== 'own' && (
          <Opened id={id} key={open}>
            {open === 'stored' ? (
              <div className="choices">
                <StorageChoices />
              </div>
            ) : (
              <FormulaList>
                <TimeItem />
              </FormulaList>
            )}
          </Opened>
        )}
      </div>
      <aside className="result stack">
        <FitPanel />
        <TakeAwayPanel main={!phone} />
        <WhatCouldGoWrong />
      </aside>
      {phone && <Dock />}
    </main>
  );
}

const OPTIMISERS: Readonly<Record<OptimiserKind, string>> = {
  sgd: 'SGD',
  momentum: 'momentum',
  adam: 'Adam',
  adam8: '8-bit Adam',
};

function storedText({ weights, adapter, optimiser, checkpoints }: Cost): string {
  const stored = `${FORMAT_NAMES[weights]} weights, ${FORMAT_NAMES[adapter]} adapter`;
  return `${stored}, ${OPTIMISERS[optimiser]}, checkpoints ${checkpoints ? 'on' : 'off'}`;
}

const gibText = (bytes: number) => `${(bytes / GIB).toFixed(1)} GiB`;

function PlanTotals() {
  const [cost] = useCost();
  const { trained, share } = totalsOf(cost);
  const { full } = memoryOf(cost);
  const totals: readonly (readonly [string, string])[] = [
    [count(trained), `trainable parameters, ${shareText(share)} of the model`],
    [fileText(fileBytes(trained, 'bf16')), 'file in bfloat16'],
    [
      gibText(planBytes(cost)),
      `to train${cost.quantised === 1 ? ` with ${methodName(cost)}` : ''}; full fine-tuning ${(sumOf(full) / GIB).toFixed(1)}`,
    ],
    timeTotal(cost),
  ];
  return (
    <dl className="totals">
      {totals.map(([value, name], i) => (
        <div key={i} className="stack">
          <dd>{value}</dd>
          <dt className="muted">{name}</dt>
        </div>
      ))}
    </dl>
  );
}

/** The estimated time; for a model without one, how many times fewer numbers are trained. */
function timeTotal(cost: Cost): readonly [string, string] {
  const time = timeOf(cost);
  const { steps, speed, seconds } = cost;
  if (time === null) {
    const { fewer, trained } = totalsOf(cost);
    return trained === 0
      ? ['–', 'nothing is adapted']
      : [`${count(Math.floor(fewer))} times`, 'fewer than the adapted matrices have'];
  }
  const how = seconds > 0 ? `${seconds} s each, as measured` : `${count(speed)} TFLOP/s`;
  const full = time.full === null ? '' : `; full fine-tuning ${duration(time.full)}`;
  return [`about ${duration(time.seconds)}`, `for ${count(steps)} steps ${seconds > 0 ? 'of' : 'at'} ${how}${full}`];
}

function TimeItem() {
  const [cost] = useCost();
  return (
    <Item title="Time">
      An estimate: passes × 2 × multiply-adds × tokens × steps ÷ speed. LoRA makes two passes, forward and back to A and
      B; full fine-tuning a third, for the gradients of the weights; checkpoints add one. The multiply-adds of a token
      are the numbers of the matrices, of the output, and of A and B. Not counted: attention scores,{' '}
      {shareText(scoreShare(cost))} more here, and waiting for data or for other GPUs. With more GPUs, each keeps all of
      this memory and takes a batch of its own. Time one step of yours, and type its seconds.
    </Item>
  );
}

const FIT_WORDS = { fits: 'of', tight: 'of', no: 'for' } as const;

/** On a phone: the totals, and the main action. */
function Dock() {
  const [cost] = useCost();
  const { trained } = totalsOf(cost);
  return (
    <div className="ends wrap foot-bar plan-dock">
      <b>
        {fileText(fileBytes(trained, 'bf16'))} · {gibText(planBytes(cost))} {FIT_WORDS[fitOf(cost).verdict]} {cost.card}{' '}
        GB
      </b>
      <CopyConfig />
    </div>
  );
}

/** Each kind of module by its name in the file: its rank, its parameters, its part of the file. */
function ModuleTable() {
  const [cost] = useCost();
  const { modules, name } = cost.model;
  const bytesOf = (type: ModuleType) => fileBytes(countType(type, rankOf(cost, type)).trained, 'bf16');
  const most = Math.max(1, ...modules.map(bytesOf));
  return (
    <table className="numbers ruled modules">
      <caption className="unseen">The modules of the model: a check box adapts one, a field sets its rank</caption>
      <thead>
        <tr>
          {['module', 'd × k', 'rank', 'parameters', 'in the file'].map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
          <td />
        </tr>
      </thead>
      <tbody>
        {modules.map((type) => (
          <Row key={`${name} ${type.name}`} type={type} bytes={bytesOf(type)} most={most} />
        ))}
      </tbody>
    </table>
  );
}

interface ModuleRowProps {
  readonly type: ModuleType;
  readonly bytes: number;
  /** Bytes of the largest row. */
  readonly most: number;
}

function Row({ type, bytes, most }: ModuleRowProps) {
  const control = useRank(type);
  const { rank } = control;
  return (
    <tr className={rank > 0 ? undefined : 'frozen'}>
      <th scope="row">
        <AdaptBox name={type.target} {...control} />
      </th>
      <td>{sizes(type)}</td>
      <td>
        <RankField name={type.target} {...control} />
      </td>
      <td>{rank > 0 ? count(countType(type, rank).trained) : ''}</td>
      <td>{rank > 0 ? fileText(bytes) : 'frozen'}</td>
      <td>
        <div className="share" style={{ width: `${(100 * bytes) / most}%` }} />
      </td>
    </tr>
  );
}
