import { useMemo } from 'react';
import { Button } from '../../kit/button.tsx';
import { Choice } from '../../kit/choice.tsx';
import { ReadFigure } from '../../kit/figure.tsx';
import { useWidth } from '../../kit/media.tsx';
import { Subscripts } from '../../kit/symbols.tsx';
import { goTo } from '../../state/places.ts';
import { Notices } from '../../ui/notices/notices.tsx';
import { Press, useLab } from '../../ui/page.tsx';
import type { CaseChart, ClinicCase } from '../cases/case.ts';
import { caseChart } from '../charts/case-chart.ts';
import { caseSettings, FILE_TOOLS, openInLab, useCase } from './case-runs.ts';
import { CaseWords, nextCase } from './case-words.tsx';

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
