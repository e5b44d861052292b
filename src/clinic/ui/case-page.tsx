import { Fragment, type ReactNode, useMemo } from 'react';
import { CASE_NAMES, type CaseName } from '../../experiment/settings/view.ts';
import { Button, Choice } from '../../kit/button.tsx';
import { ReadFigure } from '../../kit/figure.tsx';
import { useWidth } from '../../kit/media.tsx';
import { Subscripts, Symbols } from '../../kit/symbols.tsx';
import { goTo } from '../../state/places.ts';
import { Notices } from '../../ui/notices/notices.tsx';
import { Press, useLab } from '../../ui/page.tsx';
import type { CaseChart, ClinicCase, Prose } from '../cases/case.ts';
import { caseByName, IN_FILE } from '../cases/cases.ts';
import { caseChart } from '../charts/case-chart.ts';
import { caseSettings, FILE_TOOLS, openInLab, useCase } from './case-runs.ts';
import { pastedTool } from './pasted.ts';

/** The complaint `by` places further; after the last comes the first. */
function nextCase(name: CaseName, by: 1 | -1): CaseName {
  const n = CASE_NAMES.length;
  return CASE_NAMES[(CASE_NAMES.indexOf(name) + by + n) % n];
}

interface CaseWordsProps {
  readonly of: ClinicCase;
  /** The live control; null: it is elsewhere on the page. */
  readonly remedy: ReactNode;
}

/** What a complaint means, and what to do about it. */
function CaseWords({ of, remedy }: CaseWordsProps) {
  const { name, complaint, see, look, why, wrong, peft, kohya, otherwise } = of;
  const { control, effect } = of.remedy;
  const trainers = [
    ['In PEFT', peft],
    ['In kohya', kohya],
  ] as const;
  return (
    <article className="case-words" aria-labelledby="complaint">
      <div className="ends">
        <Press className="link" event={{ type: 'viewed', changes: { case: '' } }}>
          ← All twelve
        </Press>
        <span className="muted">
          {CASE_NAMES.indexOf(name) + 1} of {CASE_NAMES.length}
        </span>
      </div>
      <h2 id="complaint" className="complaint">
        “{complaint}”
      </h2>
      <Part title="What you see">
        <Said>{see}</Said>
      </Part>
      <Part title="Look here">
        <Said>{look}</Said>
      </Part>
      <Part title="Why">
        <Said>{why}</Said>
      </Part>
      <Part title="The switch">
        <div className="row remedy-row">
          {remedy && (
            <span className="stack">
              <span className="muted">
                <Symbols>{control}</Symbols>
              </span>
              {remedy}
            </span>
          )}
          <p className="effect">
            <Subscripts>{effect}</Subscripts>
          </p>
        </div>
      </Part>
      {wrong.length > 0 && (
        <Part title="What people try first">
          <dl className="tried">
            {wrong.map((one) => (
              <div key={one.label}>
                <dt>{one.label}</dt>
                <dd>
                  <Subscripts>{one.effect}</Subscripts>
                </dd>
              </div>
            ))}
          </dl>
        </Part>
      )}
      {(pastedTool() === 'kohya' ? trainers.toReversed() : trainers).map(([title, said]) => (
        <Part key={title} title={title}>
          <Said>{said}</Said>
        </Part>
      ))}
      <Part title="When it is not this">
        <Said>{otherwise.text}</Said>
        <ul className="alike">
          {otherwise.cases.map((other) => (
            <li key={other}>
              <Press className="link under" event={{ type: 'viewed', changes: { case: other } }}>
                “{caseByName(other).complaint}”
              </Press>
            </li>
          ))}
        </ul>
      </Part>
      {name in IN_FILE && (
        <Part title="In your file">
          <p className="said">
            <Press className="link under" event={goTo(name === 'together' ? 'two' : 'adapters')}>
              Drop your adapter in Adapters
            </Press>
            : {IN_FILE[name]}. Nothing leaves your device.
          </p>
        </Part>
      )}
      <p className="under-rule at-right">
        <Press
          className="link under"
          aria-keyshortcuts="n"
          event={{ type: 'viewed', changes: { case: nextCase(name, 1) } }}
        >
          Next complaint
        </Press>
      </p>
    </article>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function Said({ children }: { readonly children: Prose }) {
  return (
    <p className="said">
      {children.map((part, i) =>
        typeof part === 'string' ? <Subscripts key={i}>{part}</Subscripts> : <Code key={i}>{part.code}</Code>,
      )}
    </p>
  );
}

/** Broken between its arguments only: a line that ends in "--" is no option. */
function Code({ children }: { readonly children: string }) {
  return (
    <code>
      {children.split(' ').map((part, i) => (
        <Fragment key={i}>
          {i > 0 && ' '}
          <span className="whole">{part}</span>
        </Fragment>
      ))}
    </code>
  );
}

/** A complaint: its words, and the runs that show it, with the switch that cures it. */
export function CasePage({ of }: { readonly of: ClinicCase }) {
  const { cured, evidence, status, onSwitch, onAgain } = useCase(of);
  const width = useWidth();
  // Not on a desk: words and charts lie one below the other.
  const docked = width !== 'desk';
  const phone = width === 'phone';
  const presented = useLab((s) => s.view.view === 'present');
  const opens = useMemo(() => openInLab(of, cured), [of, cured]);
  const tool = FILE_TOOLS[of.name];
  const { off, on, control } = of.remedy;
  const remedy = (
    <Choice
      className="seg remedy"
      aria-label={`The switch: ${control}`}
      options={[
        [false, off],
        [true, on],
      ]}
      value={cured}
      onChange={onSwitch}
    />
  );
  const [first, ...others] = evidence.charts;
  const headline = (
    <p className="claim" aria-live="polite">
      <Subscripts>{evidence.headline}</Subscripts>
    </p>
  );
  const said = (
    <p role="status" className="run-status">
      <b>{status.first}</b>
      {status.rest}
      {!presented && <span className="block muted">{caseSettings(of, cured)}</span>}
    </p>
  );
  if (presented)
    return (
      <main id="main" tabIndex={-1} className="clinic case-presented">
        <Notices />
        <h1 className="unseen">LoRA Explorer</h1>
        <h2 className="complaint">“{of.complaint}”</h2>
        {headline}
        <div className="row wrap">
          <span className="strong">{control}</span>
          {remedy}
          {said}
          <span className="sp" />
          <Press
            className="btn"
            aria-keyshortcuts="n"
            event={{ type: 'viewed', changes: { case: nextCase(of.name, 1) } }}
          >
            Next complaint
          </Press>
          <Press className="btn exit" aria-keyshortcuts="Escape" event={goTo('clinic')}>
            Exit <kbd>Esc</kbd>
          </Press>
        </div>
        {first && <CaseFigure chart={first} className="first" />}
      </main>
    );
  return (
    <main id="main" tabIndex={-1} className="clinic case-page">
      <Notices />
      <CaseWords of={of} remedy={docked ? null : remedy} />
      <section className="case-runs" aria-label="The runs">
        <div className="case-head">
          {!docked && headline}
          <div className="row wrap">
            <Button className="btn main" onClick={onAgain}>
              Run it again
            </Button>
            <Button className="btn" onClick={() => onSwitch(!cured)}>
              {cured ? 'Show the symptom' : 'Show the cure'}
            </Button>
            {opens && (
              <Press className="btn" event={opens}>
                Open in the lab
              </Press>
            )}
            {tool && (
              <Press className="btn" event={{ type: 'viewed', changes: { view: tool.view, case: '' } }}>
                {tool.label}
              </Press>
            )}
            {said}
          </div>
        </div>
        <div className="pinned">
          {phone && headline}
          {first && <CaseFigure chart={first} className="first" />}
        </div>
        <div className="more-charts">
          {others.map((chart) => (
            <CaseFigure key={chart.title} chart={chart} />
          ))}
        </div>
      </section>
      {docked && (
        <div className="foot-bar remedy-bar row">
          {!phone && headline}
          <span>{control}</span>
          {remedy}
        </div>
      )}
    </main>
  );
}

function CaseFigure({ chart, className }: { readonly chart: CaseChart; readonly className?: string }) {
  const scene = useMemo(() => ({ chart, pointed: null }), [chart]);
  return (
    <ReadFigure
      chart={caseChart}
      scene={scene}
      className={className}
      title={chart.title}
      spoken={chart.title}
      help={chart.about}
    />
  );
}
