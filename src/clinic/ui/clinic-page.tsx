import './clinic.css';
import { type FormEvent, useCallback, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { plural } from '../../experiment/numbers.ts';
import { type CaseName, isCaseName } from '../../experiment/settings/view.ts';
import { Button, LinkButton } from '../../kit/button.tsx';
import { useMedia, useWidth } from '../../kit/media.tsx';
import { plainText, queryWords, wordRank } from '../../kit/search/search-words.ts';
import { Subscripts } from '../../kit/symbols.tsx';
import { useFileDrop } from '../../ui/keys/file-drop.ts';
import { Notices } from '../../ui/notices/notices.tsx';
import { useDispatch, useGetLab, useLab, usePageTitle } from '../../ui/page.tsx';
import { CASE_GROUPS, type CaseChart, type ClinicCase, type Prose } from '../cases/case.ts';
import { CASES, caseByName } from '../cases/cases.ts';
import recorded from '../charts/recorded/small-charts.json';
import { drawThumbnail } from '../charts/small-chart.ts';
import { CasePage } from './case-page.tsx';
import PasteYourOwn, { isAdapter, type PasteProps, useCaseLink } from './paste.tsx';
import { lookAtFiles } from './pasted.ts';

interface ClinicProps extends PasteProps {
  /** Opens a run, experiments or a hand; false: the file is none. */
  readonly onOwnFile: (file: File) => Promise<boolean>;
}

/** Of a complaint, too, what is dropped is read in the list. */
function useDrops({ onAdapters, onOwnFile, readText }: ClinicProps): void {
  const dispatch = useDispatch();
  const now = useGetLab();
  const take = async (files: readonly File[]) => {
    // app/main.tsx opens the first from any page, and whatever is dropped on a projector.
    if (files.some(isSafetensors) || now().view.view !== 'clinic') return;
    if (files.some(isAdapter)) return onAdapters(files);
    if (files.length === 1 && (await onOwnFile(files[0]))) return;
    dispatch({ type: 'viewed', changes: { case: '' } });
    await lookAtFiles(files, readText);
  };
  useFileDrop(useCallback(take, [onAdapters, onOwnFile, readText, dispatch, now]));
}

const isSafetensors = ({ name }: File) => name.endsWith('.safetensors');

/** All twelve complaints, or the one of the link. */
export function ClinicPage(props: ClinicProps) {
  useDrops(props);
  const name = useLab((s) => s.view.case);
  const found = isCaseName(name) ? caseByName(name) : null;
  usePageTitle(found ? `${found.complaint} · Clinic` : 'Clinic · Experiments');
  // Another complaint is another page: it opens with its symptom.
  return found ? <CasePage key={found.name} of={found} /> : <CaseList {...props} />;
}

/** The first chart of each, with the remedy switched on; recorded.test.ts trains them. */
const RECORDED = recorded as unknown as Readonly<Record<CaseName, CaseChart>>;

function CaseList(props: PasteProps) {
  const [query, setQuery] = useState('');
  const dispatch = useDispatch();
  const found = useMemo(() => findCases(query, CASES), [query]);
  const groups = Object.entries(CASE_GROUPS).map(([group, title]) => ({
    title,
    list: found.filter((one) => one.group === group),
  }));
  const typed = query.trim();
  const none = found.length === 0;
  const openFirst = (event: FormEvent) => {
    event.preventDefault();
    if (typed && !none) dispatch({ type: 'viewed', changes: { case: found[0].name } });
  };
  // What is searched for comes first, and in a low window something of the list.
  const narrow = useWidth() !== 'desk';
  const low = useMedia('(max-height: 500px)');
  const last = narrow && (low || typed !== '');
  const own = <PasteYourOwn key="own" {...props} />;
  const complaints = (
    <div key="all">
      {none && (
        <p className="read">
          No complaint has these words: “{typed}”.{' '}
          <Button className="link under" onClick={() => setQuery('')}>
            Show all twelve
          </Button>
        </p>
      )}
      {groups
        .filter(({ list }) => list.length > 0)
        .map(({ title, list }) => (
          <Group key={title} title={title} list={list} />
        ))}
      <p className="note foot">
        In the charts: <b className="ink">the symptom</b>, <b className="dw">after the switch</b>. Every curve is a run
        of this page; press one to watch it happen.
      </p>
    </div>
  );
  return (
    <main id="main" tabIndex={-1} className="clinic clinic-list">
      <Notices />
      <div className="ends wrap">
        <h2 className="claim">
          What is wrong with it? Twelve complaints, each reproduced here in seconds, with the one switch that cures it.
        </h2>
        <search>
          <form onSubmit={openFirst}>
            <input
              type="search"
              aria-label="Search the complaints"
              placeholder="Search: NaN, merge, rsLoRA …"
              autoComplete="off"
              enterKeyHint="go"
              value={query}
              onChange={(event) => setQuery(event.currentTarget.value)}
            />
            <span role="status" className="muted">
              {typed && plural(found.length, 'complaint')}
            </span>
          </form>
        </search>
        {last && (
          <LinkButton onClick={() => document.querySelector<HTMLElement>('.paste textarea')?.focus()}>
            Or paste your own
          </LinkButton>
        )}
      </div>
      <div className="own-and-all">{last ? [complaints, own] : [own, complaints]}</div>
    </main>
  );
}

function Group({ title, list }: { readonly title: string; readonly list: readonly ClinicCase[] }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      <ul className="complaints">
        {list.map((one) => (
          <Complaint key={one.name} of={one} />
        ))}
      </ul>
    </section>
  );
}

function Complaint({ of: { name, complaint, cause } }: { readonly of: ClinicCase }) {
  const id = useId();
  const press = useCaseLink(name);
  return (
    <li>
      <a
        className="item"
        href={`#view=clinic&case=${name}`}
        aria-labelledby={`${id}-complaint`}
        aria-describedby={`${id}-cause`}
        onClick={press}
      >
        <Thumbnail chart={RECORDED[name]} />
        <span>
          <span className="block complaint" id={`${id}-complaint`}>
            “{complaint}”
          </span>
          <span className="block soft" id={`${id}-cause`}>
            <Subscripts>{cause}</Subscripts>
          </span>
        </span>
      </a>
    </li>
  );
}

/** 136 × 96 px; the complaint and its cause describe it. */
function Thumbnail({ chart }: { readonly chart: CaseChart }) {
  const svg = useRef<SVGSVGElement>(null);
  useLayoutEffect(() => {
    if (svg.current) drawThumbnail(svg.current, chart);
  }, [chart]);
  return <svg ref={svg} className="chart thumbnail" aria-hidden="true" />;
}

const proseText = (prose: Prose): string => prose.map((part) => (typeof part === 'string' ? part : part.code)).join('');

/** The complaints that have most words of a query, all of them if there are such; in page order. An empty query: all. */
export function findCases(query: string, all: readonly ClinicCase[]): readonly ClinicCase[] {
  const words = queryWords(query);
  if (words.length === 0) return all;
  const counts = all.map((one) => {
    const name = plainText(`${one.complaint} ${one.words.join(' ')}`);
    const text = plainText([one.cause, ...[one.see, one.look, one.why, one.peft, one.kohya].map(proseText)].join(' '));
    return words.filter((word) => wordRank(name, text, word) > 0).length;
  });
  const most = Math.max(1, ...counts);
  return all.filter((_, i) => counts[i] === most);
}
