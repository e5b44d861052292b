import './public-adapters.css';
import { useMemo } from 'react';
import { Figure, Plot } from '../../../kit/figure.tsx';
import { publicStrips } from '../../charts/public/strips.ts';
import type { OpenedFile } from '../../state/adapters-state.ts';
import { comparisonWords, familyOf, measuresOf, PUBLIC, stripsOf } from './comparison.ts';

/** Where a file lies among public adapters; nothing if it is untrained. */
export default function PublicAdapters({ file: { adapter, figures } }: { readonly file: OpenedFile }) {
  const found = useMemo(() => {
    const measures = measuresOf(adapter, figures);
    if (measures === null) return null;
    const family = familyOf(adapter);
    return { family, said: comparisonWords(measures, family), scene: { strips: stripsOf(measures, family) } };
  }, [adapter, figures]);
  if (found === null) return null;
  const { family, said, scene } = found;
  const kin = family === null ? 0 : PUBLIC.filter((row) => row.family === family).length;
  return (
    <section className="public-adapters">
      <h2>Beside 84 public adapters</h2>
      {said.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <Figure
        level={3}
        title="Where it lies"
        help={kin === 0 ? 'green: this file' : `dark: ${kin} of its family; green: this file`}
      >
        <Plot chart={publicStrips} scene={scene} />
      </Figure>
      <p className="note">
        Medians over the trained modules. One file of each repository on GitHub under 4 MiB: biased to small files, so
        to small models and low ranks. Three of the 84 never learned (every B is 0) and are left out.
      </p>
    </section>
  );
}
