import { type Shares, titleOf } from '../../charts/chart.ts';
import { chartByName } from '../../charts/chart-lookup.ts';
import { EXPLANATIONS } from '../../charts/explanations.ts';
import { Formula } from '../../kit/formula/formula.tsx';
import { Subscripts } from '../../kit/symbols.tsx';
import { sceneOf } from '../lab-scene.ts';
import { useLab } from '../page.tsx';
import { Dialog } from './dialog.tsx';

export function ExplainPanel({ chart: name }: { readonly chart: string }) {
  const chart = chartByName(name);
  const scene = useLab((s) => sceneOf(s, chart.axis, chart.whole));
  const { paragraphs, formulas, numbers, shares } = EXPLANATIONS[chart.name](scene);
  return (
    <Dialog title={titleOf(chart, scene)} kind="explain" anchor={`figure[data-chart="${name}"]`}>
      <div className="prose">
        <p className="lead">{chart.describe(scene)}</p>
        {shares && <SharesFigure {...shares} />}
        {paragraphs.map((text) => (
          <p key={text}>
            <Subscripts>{text}</Subscripts>
          </p>
        ))}
        {formulas.map((part) => (
          <p key={part} className="shown">
            <Formula>{part}</Formula>
          </p>
        ))}
        {numbers && (
          <>
            <p className="note">With the numbers of this run at step {scene.step}:</p>
            <p className="shown">
              <Subscripts>{numbers}</Subscripts>
            </p>
          </>
        )}
      </div>
    </Dialog>
  );
}

/** The shares p₁, p₂, … as bars, and as a frame of the same area n equal ones, n being the effective rank. */
function SharesFigure({ values, equal, words }: Shares) {
  const tallest = Math.max(values[0] ?? 0, equal > 0 ? 1 / equal : 0);
  if (tallest === 0) return null;
  return (
    <figure className="shares">
      <svg className="chart" viewBox={`0 0 ${values.length} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        {values.map((share, i) => {
          const height = (HEIGHT * share) / tallest;
          return <rect key={i} className="dw fill" x={i + 0.1} y={HEIGHT - height} width={0.8} height={height} />;
        })}
        <path
          className="frame ink stroke"
          d={`M0 ${HEIGHT}V${HEIGHT - HEIGHT / (equal * tallest)}H${equal}V${HEIGHT}`}
        />
      </svg>
      <figcaption className="note">{words}</figcaption>
    </figure>
  );
}

/** In the picture's own units. */
const HEIGHT = 1;
