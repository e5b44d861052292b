import { chartNamed } from '../../charts/all.ts';
import { titleOf } from '../../charts/scene.ts';
import { Formula } from '../formula.tsx';
import { useShown } from '../page.tsx';
import { sceneOf } from '../scene-of.ts';
import { Lowered } from '../symbols.tsx';
import { Dialog } from './dialog.tsx';

/** "What am I looking at": a chart in words, its formula, and the formula with the numbers of this run. */
export function ExplainPanel({ chart: name }: { readonly chart: string }) {
  const chart = chartNamed(name);
  const scene = useShown((s) => sceneOf(s, chart.axis));
  const { paragraphs, formula, numbers } = chart.explain(scene);
  return (
    <Dialog title={titleOf(chart, scene)} kind="explain">
      <div className="prose">
        <p className="lead">{chart.describe(scene)}</p>
        {paragraphs.map((text) => (
          <p key={text}>
            <Lowered>{text}</Lowered>
          </p>
        ))}
        {formula.split(/;\s+|,\s{2,}/).map((part) => (
          <p key={part} className="shown">
            <Formula>{part}</Formula>
          </p>
        ))}
        {numbers && (
          <>
            <p className="note">With the numbers of this run at step {scene.step}:</p>
            <p className="shown">
              <Lowered>{numbers}</Lowered>
            </p>
          </>
        )}
      </div>
    </Dialog>
  );
}
