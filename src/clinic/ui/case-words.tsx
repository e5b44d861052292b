import { Fragment, type ReactNode } from 'react';
import { CASE_NAMES, type CaseName } from '../../experiment/settings/view.ts';
import { Subscripts, Symbols } from '../../kit/symbols.tsx';
import { goTo } from '../../state/places.ts';
import { Press } from '../../ui/page.tsx';
import type { ClinicCase, Prose } from '../cases/case.ts';
import { caseByName, IN_FILE } from '../cases/cases.ts';
import { pastedTool } from './pasted.ts';

/** The complaint `by` places further; after the last comes the first. */
export function nextCase(name: CaseName, by: 1 | -1): CaseName {
  const n = CASE_NAMES.length;
  return CASE_NAMES[(CASE_NAMES.indexOf(name) + by + n) % n];
}

interface CaseWordsProps {
  readonly of: ClinicCase;
  /** The live control; null: it is elsewhere on the page. */
  readonly remedy: ReactNode;
}

/** What a complaint means, and what to do about it. */
export function CaseWords({ of, remedy }: CaseWordsProps) {
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
