import { useMemo } from 'react';
import type { DigitSet } from '../../experiment/network/digits.ts';
import { countRight, type DigitLayer, digitOutputs, digitsRead } from '../../experiment/network/forward.ts';
import { POINT_INPUTS } from '../../experiment/network/points.ts';
import { TASK_WORDS } from '../../experiment/network/task-words.ts';
import { count } from '../../experiment/numbers.ts';
import { Heatmap, type Pixels } from '../../kit/grids/heatmap.tsx';
import { useTheme } from '../looks/theme.tsx';
import { useLab } from '../page.tsx';
import { colour, mix } from '../rail/colours.ts';
import { useMergedLayers } from './merged-layers.ts';

/** A picture covers the plane from −2 to 2. */
const EDGE = 2;
const CELLS = 40;
/** Of the points drawn. */
const MAX_POINTS = 160;

/** The class of each cell of the plane, row by row from the top. */
function classesOfPlane(layers: readonly DigitLayer[]): Uint8Array {
  const at = (i: number) => ((2 * i + 1) / CELLS - 1) * EDGE;
  return Uint8Array.from({ length: CELLS * CELLS }, (_, i) => {
    const [zero, one] = digitOutputs(layers, [at(i % CELLS), -at(Math.floor(i / CELLS)), 1]);
    return one > zero ? 1 : 0;
  });
}

/** The plane as the network divides it, now, before and with full fine-tuning, with held-out points of the new task. */
export function PlanePictures() {
  const ready = useLab((s) => s.run.ready);
  const full = useLab((s) => s.run.full);
  const words = useLab((s) => TASK_WORDS[s.run.experiment.adapt]);
  const matrices = useMergedLayers();
  const before = matrices?.before;
  const wanted = useMemo(() => {
    const { network } = ready ?? {};
    if (!before || !network || !full) return null;
    const updates = new Map(full.modules.map(({ name, wanted: { matrix } }) => [name, matrix]));
    return before.map((layer, l): DigitLayer => {
      const update = updates.get(network.layers[l].name);
      return update ? { ...layer, W: Float64Array.from(layer.W, (w, i) => w + update[i]) } : layer;
    });
  }, [ready, before, full]);
  const network = ready?.network;
  if (network?.kind !== 'labelled' || !matrices) return <div className="network-grids" />;
  return (
    <section className="network-grids planes" aria-label={words.new}>
      <PlanePicture name="now" hue="dw" size={260} layers={matrices.now} set={network.heldOut} of={words.new} />
      <div>
        <PlanePicture name="before" hue="w0" size={120} layers={matrices.before} set={network.heldOut} of={words.new} />
        {wanted && (
          <PlanePicture name="full" hue="dwt" size={120} layers={wanted} set={network.heldOut} of={words.new} />
        )}
      </div>
      <p className="note">
        Shares of {count(network.heldOut.answers.length)} held-out points. Grey: where the network answers the class of
        the hollow ones. Wrong points are crossed out.
      </p>
    </section>
  );
}

interface PlanePictureProps {
  readonly name: string;
  readonly hue: 'w0' | 'dw' | 'dwt';
  /** In px. */
  readonly size: number;
  readonly layers: readonly DigitLayer[];
  readonly set: DigitSet;
  /** The task. */
  readonly of: string;
}

const GREY = 0.18;

function PlanePicture({ name, hue, size, layers, set, of }: PlanePictureProps) {
  const theme = useTheme();
  const pixels = useMemo((): Pixels => {
    const classes = classesOfPlane(layers);
    const paint = (into: Uint8ClampedArray) => {
      const [paper, ink] = [colour('--paper'), colour('--ink')];
      for (const [i, one] of classes.entries()) mix(into, i, paper, ink, GREY * one);
    };
    return { rows: CELLS, cols: CELLS, paint };
  }, [layers, theme]);
  const read = useMemo(() => digitsRead(layers, set), [layers, set]);
  const accuracy = (countRight(set, read) / read.length).toFixed(3);
  return (
    <div className="plane" style={{ width: size }}>
      <div className="plane-picture" role="img" aria-label={`${of}, ${name}: ${accuracy} of the points right`}>
        <Heatmap pixels={pixels} aria-hidden="true" />
        <svg viewBox={`${-EDGE} ${-EDGE} ${2 * EDGE} ${2 * EDGE}`} aria-hidden="true">
          {Array.from(read.subarray(0, MAX_POINTS), (answer, i) => {
            const [x, y] = [set.inputs[i * POINT_INPUTS], -set.inputs[i * POINT_INPUTS + 1]];
            const wrong = answer !== set.answers[i];
            return (
              <g key={i} className={wrong ? 'wrong-point' : undefined}>
                <circle cx={x} cy={y} r={0.04} fill={set.answers[i] === 0 ? 'currentColor' : 'var(--paper)'} />
                {wrong && <path d={`M${x - 0.07} ${y - 0.07}l.14 .14m0 -.14l-.14 .14`} />}
              </g>
            );
          })}
        </svg>
      </div>
      <div>
        <span className={hue}>{name}</span> {accuracy}
      </div>
    </div>
  );
}
