import type { ReactNode } from 'react';
import type { OpenedFile } from '../../state/adapters-state.ts';
import { factsOf, fileLine, shortLine } from './file-facts.ts';

interface FileFactsProps {
  readonly file: OpenedFile;
}

/** Letters of formulas as such. */
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

/** What the header and the config of a file say. */
export function Facts({ file }: FileFactsProps) {
  return (
    <>
      <div className="file">
        <b>{file.adapter.name}</b>
        <p className="note">{fileLine(file.adapter)}</p>
      </div>
      <dl className="facts">
        {factsOf(file.adapter).map(([name, value]) => (
          <div key={name}>
            <dt>{NAMES[name] ?? name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** The same in three lines, where the rail holds something else. */
export function FileLines({ file }: FileFactsProps) {
  return (
    <div className="file">
      <b>{file.adapter.name}</b>
      <p className="note">{fileLine(file.adapter)}</p>
      <p className="note">{shortLine(file.adapter)}</p>
    </div>
  );
}
