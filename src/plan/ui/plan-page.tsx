import './plan.css';
import { useId, useState } from 'react';
import { count } from '../../experiment/numbers.ts';
import { Announced, useThrottled } from '../../kit/announced.tsx';
import { Button, Choice, LinkButton, Select } from '../../kit/button.tsx';
import { DataTable } from '../../kit/grids/data-table.tsx';
import { useWidth } from '../../kit/media.tsx';
import { sharedLinkOf } from '../../state/select.ts';
import { Notices } from '../../ui/notices/notices.tsx';
import { useLab, usePageTitle } from '../../ui/page.tsx';
import { copyText } from '../../ui/panels/copyable.tsx';
import { fileText, memoryText, shareText } from '../model/cost-text.ts';
import { countType, fileBytes, memoryOf, rankOf, scoreShare, sumOf, totalsOf } from '../model/counts.ts';
import {
  adviceOf,
  adviceWords,
  fitOf,
  fitWords,
  fixesOf,
  GPUS,
  largestRank,
  METHODS,
  MODULE_CHOICES,
  methodName,
  planBytes,
  SPARE,
} from '../model/fit.ts';
import { headlineOf, planTitle, timeWords } from '../model/headline.ts';
import { FORMAT_NAMES, type ModuleType, type OptimiserKind } from '../model/models.ts';
import type { Cost } from '../model/setting.ts';
import { configText, notebookFile, type TakeAway, type Trainer, takeAway } from '../model/trainers.ts';
import { Board, Opened, OwnConfig, useParts } from './calculator.tsx';
import { StorageChoices, useCost } from './choices.tsx';
import { FormulaList, Item } from './formula-list.tsx';
import { Guidance, WhatCouldGoWrong } from './guidance.tsx';
import { AdaptBox, RankField, sizes, useRank } from './rank-table.tsx';
import { PlanSettings, RunSettings } from './settings.tsx';

/** The GPU: whether the plan fits, what would make it fit, and which rank and modules would. */
function FitPanel() {
  const [cost, set] = useCost();
  const id = useId();
  const [title, text] = fitWords(cost);
  const fixes = fixesOf(cost);
  return (
    <section className="fit" aria-labelledby={`${id}-title`}>
      <div className="row wrap">
        <h3 id={`${id}-title`}>
          <label htmlFor={id}>Your GPU</label>
        </h3>
        <Select
          id={id}
          className="pick"
          options={gpuOptions(cost.card)}
          value={String(cost.card)}
          onChange={(card) => set({ ...cost, card: Number(card) })}
        />
      </div>
      <div role="status">
        <p>
          <b>{title}</b> {text}
        </p>
        {fixes.length > 0 && (
          <p className="row wrap">
            It fits with
            {fixes.map((fix) => (
              <LinkButton key={fix.text} className="link under" onClick={() => set(fix.cost)}>
                {fix.text}
              </LinkButton>
            ))}
          </p>
        )}
      </div>
      <Advice cost={cost} onUse={set} />
      <DataTable
        className="numbers whole"
        caption={`Largest rank that fits, with ${SPARE} GiB kept free`}
        rows={METHODS}
        columns={[
          { key: 'method', cell: (quantised) => methodName({ ...cost, quantised }) },
          ...MODULE_CHOICES.map((modules) => ({
            key: modules,
            head: modules === 'all' ? 'all linear' : modules,
            cell: (quantised: (typeof METHODS)[number]) => rankText(largestRank(cost, modules, quantised)),
          })),
        ]}
      />
    </section>
  );
}

const rankText = (rank: number) => (rank === 0 ? 'none' : count(rank));

function gpuOptions(card: number): readonly (readonly [string, string])[] {
  const known = GPUS.map(([gb, names]) => [String(gb), `${gb} GB: ${names}`] as const);
  return GPUS.some(([gb]) => gb === card) ? known : [...known, [String(card), `${card} GB`]];
}

function Advice({ cost, onUse }: { readonly cost: Cost; readonly onUse: (cost: Cost) => void }) {
  const advice = adviceOf(cost);
  return (
    <p>
      <b>For {cost.card} GB:</b> {adviceWords(cost)}{' '}
      {advice && (
        <LinkButton className="link under" onClick={() => onUse(advice.cost)}>
          Use it
        </LinkButton>
      )}
    </p>
  );
}

const KINDS: readonly (readonly [Trainer | 'link', string])[] = [
  ['peft', 'LoraConfig'],
  ['kohya', 'kohya'],
  ['notebook', 'notebook'],
  ['link', 'link'],
];

/** The plan as a trainer reads it, to copy or to save. */
function TakeAwayPanel({ main }: { readonly main: boolean }) {
  const [cost] = useCost();
  const [kind, setKind] = useState<Trainer | 'link'>('peft');
  const link = useLab(sharedLinkOf);
  const found: TakeAway =
    kind === 'link'
      ? {
          text: new URL(link, location.href).href,
          file: null,
          remark: 'It opens this plan, here or on another device.',
        }
      : takeAway(cost, kind);
  return (
    <section aria-labelledby="take-away">
      <h3 id="take-away">Take it with you</h3>
      <Choice options={KINDS} value={kind} onChange={setKind} aria-label="As" />
      {'reason' in found ? (
        <p className="reason">{found.reason}</p>
      ) : (
        <>
          <pre>{found.text}</pre>
          {found.remark && <p className="note">{found.remark}</p>}
          <div className="row">
            <CopyButton key={found.text} text={found.text} className={main ? 'btn main' : 'btn'}>
              Copy
            </CopyButton>
            {found.file !== null && (
              <SaveButton name={found.file} text={kind === 'notebook' ? notebookFile(cost) : found.text} />
            )}
          </div>
        </>
      )}
    </section>
  );
}

/** Copies the LoraConfig. */
function CopyConfig() {
  const [cost] = useCost();
  const text = configText(cost);
  return text === null ? null : (
    <CopyButton key={text} text={text} className="btn main">
      Copy LoraConfig
    </CopyButton>
  );
}

interface CopyButtonProps {
  readonly text: string;
  readonly className: string;
  readonly children: string;
}

function CopyButton({ text, className, children }: CopyButtonProps) {
  const [said, setSaid] = useState('');
  const copy = async () =>
    setSaid((await copyText(text)) ? 'Copied' : 'The browser does not allow it: select the text.');
  return (
    <>
      <Button className={className} onClick={() => void copy()}>
        {children}
      </Button>
      <span role="status">{said}</span>
    </>
  );
}

function SaveButton({ name, text }: { readonly name: string; readonly text: string }) {
  const save = () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return <Button onClick={save}>Save file</Button>;
}

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
        <Announced>{said}</Announced>
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

function PlanTotals() {
  const [cost] = useCost();
  const { trained, share } = totalsOf(cost);
  const { full } = memoryOf(cost);
  const totals: readonly (readonly [string, string])[] = [
    [count(trained), `trainable parameters, ${shareText(share)} of the model`],
    [fileText(fileBytes(trained, 'bf16')), 'file in bfloat16'],
    [
      `${memoryText(planBytes(cost))} GiB`,
      `to train${cost.quantised === 1 ? ` with ${methodName(cost)}` : ''}; full fine-tuning ${memoryText(sumOf(full))}`,
    ],
    timeWords(cost),
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

function TimeItem() {
  const [cost] = useCost();
  const scores = scoreShare(cost);
  return (
    <Item title="Time">
      An estimate: passes × 2 × multiply-adds × tokens × steps ÷ speed. LoRA makes two passes, forward and back to A and
      B; full fine-tuning a third, for the gradients of the weights; checkpoints add one. The multiply-adds of a token
      are the numbers of the matrices, of the output, and of A and B. Not counted: attention scores
      {scores !== null && `, ${shareText(scores)} more here`}, and waiting for data or for other GPUs. With more GPUs,
      each keeps all of this memory and takes a batch of its own. Time one step of yours, and type its seconds.
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
        {fileText(fileBytes(trained, 'bf16'))} · {memoryText(planBytes(cost))} GiB {FIT_WORDS[fitOf(cost).verdict]}{' '}
        {cost.card} GB
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
