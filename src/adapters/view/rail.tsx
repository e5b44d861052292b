import { type ComponentType, type LazyExoticComponent, memo, type ReactNode, Suspense, useMemo } from 'react';
import { count } from '../../experiment/numbers.ts';
import type { ViewName } from '../../experiment/settings/view.ts';
import { LinkButton } from '../../kit/button.tsx';
import { InTurn, useInTurn } from '../../kit/chart/use-in-turn.ts';
import { useWidth } from '../../kit/media.tsx';
import { readCost, writeCost } from '../../plan/model/cost-link.ts';
import { planLike } from '../../plan/model/from-adapter.ts';
import { noticeEvent } from '../../state/notices.ts';
import { goTo } from '../../state/places.ts';
import { lazyPart, Press, useDispatch, useLab } from '../../ui/page.tsx';
import { visibleText } from '../file/faults.ts';
import type { Adapter, Warning } from '../file/model.ts';
import type { OpenedFile } from '../state/adapters-state.ts';
import { fileWarnings } from '../state/predictions.ts';
import { type Complaint, ComplaintLink, complaintsOf } from './complaint.tsx';
import { EventButton, useAdapters, useAdaptersDispatch } from './context.tsx';
import { factsOf, fileLine, shortLine } from './file-facts.ts';
import { megabytes } from './size-words.ts';
import { ChooseButton } from './use-file-import.tsx';

const MOST = 500;

/** Names of tensors or modules on demand, as in the file except for invisible characters. */
export function NameDetails({ names }: { readonly names: readonly string[] }) {
  return (
    <details>
      <summary>{names.length === 1 ? 'Show the name' : `Show all ${count(names.length)} names`}</summary>
      <ul className="adapter-names">
        {names.slice(0, MOST).map((name) => (
          <li key={name}>
            <code>{visibleText(name)}</code>
          </li>
        ))}
        {names.length > MOST && <li>… and {count(names.length - MOST)} more</li>}
      </ul>
    </details>
  );
}

const SETTINGS: { readonly [view in ViewName]?: LazyExoticComponent<ComponentType> } = {
  resize: lazyPart(() => import('./resize/resize-rail.tsx')),
  two: lazyPart(() => import('./two/two-rail.tsx')),
};

const BaseModel = lazyPart(async () => ({ default: (await import('./base/base-parts.tsx')).BaseModel }));
const PublicAdapters = lazyPart(() => import('./public/public-adapters.tsx'));

export interface FileProps {
  readonly file: OpenedFile;
}

/** The file's facts and warnings, or the settings of a tab that writes one; folds above a narrow page. */
export function Rail() {
  const tab = useLab((s) => s.view.view);
  const file = useAdapters((s) => s.files[0]);
  const base = useAdapters((s) => s.base);
  const width = useWidth();
  if (!file) return null;
  const Settings = SETTINGS[tab];
  const label = Settings ? (tab === 'resize' ? 'Resize' : 'Two adapters') : 'File';
  const content = Settings ? (
    <>
      {tab === 'resize' && (
        <FileHead file={file}>
          <p className="note">{shortLine(file.adapter)}</p>
        </FileHead>
      )}
      <Suspense>
        <Settings />
      </Suspense>
    </>
  ) : (
    <>
      <FileHead file={file} />
      <InTurn>
        <Facts adapter={file.adapter} />
      </InTurn>
      {base && (
        <Suspense>
          <BaseModel base={base} adapter={file.adapter} />
        </Suspense>
      )}
      <FileWarnings file={file} />
      {!file.reading && !file.asksAlpha && tab === 'adapters' && (
        <Suspense>
          <PublicAdapters file={file} />
        </Suspense>
      )}
      <InTurn>
        <Foot />
      </InTurn>
    </>
  );
  if (width === 'desk')
    return (
      <aside className="adapters-rail" aria-label={label}>
        {content}
      </aside>
    );
  return (
    <aside className="adapters-fold" aria-label={label}>
      <details key={label} open={Settings !== undefined && width !== 'phone'}>
        <summary className="row">
          <b className="cut">{Settings ? 'Settings' : file.adapter.name}</b>
          <span className="cut">{Settings ? file.adapter.name : foldWords(file)}</span>
        </summary>
        <div className="adapters-rail">{content}</div>
      </details>
    </aside>
  );
}

/** "3.23 MB, 3 notes". */
function foldWords(file: OpenedFile): string {
  const notes = fileWarnings(file).filter(({ tone }) => tone !== 'fine').length;
  return `${megabytes(file.adapter.bytes)}${notes === 0 ? '' : `, ${notes} ${notes === 1 ? 'note' : 'notes'}`}`;
}

function FileHead({ file: { adapter }, children }: FileProps & { readonly children?: ReactNode }) {
  return (
    <div className="file">
      <b>{adapter.name}</b>
      <p className="note">{fileLine(adapter)}</p>
      {children}
    </div>
  );
}

const NAMES: Readonly<Record<string, ReactNode>> = {
  'rank r': (
    <>
      rank <i className="m">r</i>
    </>
  ),
  'α and s': (
    <>
      <i className="m">α</i> and <i className="m">s</i>
    </>
  ),
};

const Facts = memo(({ adapter }: { readonly adapter: Adapter }) => (
  <FactList facts={factsOf(adapter).map(([name, value]) => [name, value, NAMES[name]])} />
));

interface FactListProps {
  readonly facts: readonly (readonly [name: string, value: string, shown?: ReactNode])[];
}

export function FactList({ facts }: FactListProps) {
  return (
    <dl className="facts">
      {facts.map(([name, value, shown = name]) => (
        <div key={name} className="ends">
          <dt className="whole">{shown}</dt>
          <dd className="at-right">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function FileWarnings(props: FileProps) {
  const file = useInTurn(props.file, null);
  const warnings = file && !file.asksAlpha ? fileWarnings(file) : [];
  if (!file || warnings.length === 0) return null;
  const complaints = complaintsOf(warnings);
  return (
    <section>
      <h2>What to know</h2>
      <ul className="know">
        {warnings.map((one) => (
          <Known
            key={one.about}
            warning={one}
            names={one.acts.includes('names') ? namesOf(file.adapter, one.about) : []}
            complaint={complaints.get(one.about)}
          />
        ))}
      </ul>
    </section>
  );
}

const SIGNS: Readonly<Record<Warning['tone'], string>> = { bad: 'bad', look: '', fine: 'fine' };

function namesOf({ others, unpaired }: Adapter, about: string): readonly string[] {
  return about === 'unpaired' ? unpaired.map(([{ name }, why]) => `${name}: ${why}`) : others.map(({ name }) => name);
}

interface WarningProps {
  readonly warning: Warning;
  readonly names: readonly string[];
  readonly complaint: Complaint | undefined;
}

function Known({ warning: { about, tone, title, details, acts }, names, complaint }: WarningProps) {
  const dispatch = useAdaptersDispatch();
  const lab = useDispatch();
  const pointed = useAdapters((s) => s.pointed === about);
  const show = () => {
    lab(goTo('adapters'));
    dispatch({ type: 'point', about: pointed ? null : about });
  };
  return (
    <li className={SIGNS[tone]}>
      {tone === 'fine' ? title : <b>{title}</b>}
      <span className="muted block">{details}</span>
      {names.length > 0 && <NameDetails names={names} />}
      {acts.includes('show') && (
        <LinkButton aria-pressed={pointed} aria-label={`Show: ${title}`} onClick={show}>
          Show
        </LinkButton>
      )}
      {acts.includes('resize') && (
        <Press className="link" event={goTo('resize')} aria-label={`Resize: ${title}`}>
          Resize
        </Press>
      )}
      {acts.includes('alpha') && (
        <EventButton event={{ type: 'alpha', answer: 'ask' }} aria-label={`Change: ${title}`}>
          Change
        </EventButton>
      )}
      {complaint && <ComplaintLink of={complaint} />}
    </li>
  );
}

export function FileDock() {
  const tab = useLab((s) => s.view.view);
  const phone = useWidth() === 'phone';
  if (!phone || tab === 'resize' || tab === 'two') return null;
  return (
    <div className="row foot-bar adapters-dock">
      <ChooseButton as="replace">Open another</ChooseButton>
      <Press className={tab === 'convert' ? 'btn' : 'btn main'} event={goTo('resize')}>
        Resize
      </Press>
    </div>
  );
}

/** A plan with the file's model, if it is known, and its modules, ranks and α. */
function PlanButton() {
  const modules = useAdapters((s) => s.files[0]?.adapter.modules ?? NO_MODULES);
  const text = useLab((s) => s.view.cost);
  const lab = useDispatch();
  const plan = useMemo(() => {
    const pairs = modules.filter(({ kind }) => kind === 'lora');
    const adapted = pairs.map(({ canonical: name, d, k, rank, alpha }) => ({ name, shape: { d, k }, rank, alpha }));
    return planLike(adapted, readCost(text).cost);
  }, [modules, text]);
  if (plan === null) return null;
  const go = () => {
    lab({ type: 'viewed', changes: { view: 'plan', cost: writeCost(plan.cost) } });
    if (!plan.sameModel)
      lab(noticeEvent('file', 'plain', 'The model of this adapter is not in the list.', [OTHER_MODEL]));
  };
  return (
    <LinkButton className="link alone" onClick={go}>
      Plan a run like this
    </LinkButton>
  );
}

const NO_MODULES: Adapter['modules'] = [];
const OTHER_MODEL = 'Its modules, rank and α are taken over. Choose the model, or open its config.json.';

const BASE_HELP =
  'The model that it was trained on, with all its shards: ‖ΔW‖/‖W₀‖, what merging loses, and ΔW of DoRA';

function Foot() {
  const base = useAdapters((s) => s.base !== null);
  const two = useAdapters((s) => s.files.length > 1);
  const models = useAdapters((s) => s.models !== null);
  return (
    <div className="under-rule foot">
      {models && (
        <EventButton className="btn alone" event={{ type: 'models' }}>
          Back to the two models
        </EventButton>
      )}
      <ChooseButton as="replace" className="btn alone">
        Open another
      </ChooseButton>
      <ChooseButton as="second">{two ? 'Change the second' : 'Add a second'}</ChooseButton>
      {!base && (
        <ChooseButton as="adapter-base" className="btn alone" title={BASE_HELP}>
          Add the base model…
        </ChooseButton>
      )}
      <EventButton event={{ type: 'close' }}>{two ? 'Close both' : 'Close file'}</EventButton>
      <PlanButton />
    </div>
  );
}
