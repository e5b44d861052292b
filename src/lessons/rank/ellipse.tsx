import { number } from '../../experiment/numbers.ts';
import { Button } from '../../kit/button.tsx';
import { Figure } from '../../kit/figure.tsx';
import { evenTrack, SliderControl } from '../../kit/slider.tsx';
import { lessonValue, useLessonValue } from '../pane/values.tsx';

/** A 2 × 2 matrix, row by row: small enough that all of its effect is visible. */
export const MATRIX = [1.1, 0.5, 0.1, 0.7] as const;

/** Direction of the input in degrees, from the right. */
export const ANGLE = lessonValue('angle', 90);
const LAYERS = lessonValue<1 | 2>('layers of M', 2);

type Vector2 = readonly [number, number];

const applied2 = ([a, b, c, d]: readonly number[], [x, y]: Vector2): Vector2 => [a * x + b * y, c * x + d * y];

const length2 = ([x, y]: Vector2) => Math.sqrt(x * x + y * y);

const unitVector = (degrees: number): Vector2 => [
  Math.cos((degrees * Math.PI) / 180),
  Math.sin((degrees * Math.PI) / 180),
];

/** The directions of largest and least stretch in degrees, and the stretches, from the angle of MᵀM. */
function stretchOf([a, b, c, d]: readonly number[]) {
  const [p, q, r] = [a * a + c * c, a * b + c * d, b * b + d * d];
  const angle = ((Math.atan2(2 * q, p - r) / 2) * 180) / Math.PI;
  const root = Math.sqrt((p - r) ** 2 + 4 * q * q);
  return {
    most: angle,
    least: angle + 90,
    values: [Math.sqrt((p + r + root) / 2), Math.sqrt((p + r - root) / 2)],
  } as const;
}

/** σ₁u₁v₁ᵀ = M·v₁·v₁ᵀ. */
function firstLayer(m: readonly number[]): readonly [number, number, number, number] {
  const v = unitVector(stretchOf(m).most);
  const [x, y] = applied2(m, v);
  return [x * v[0], x * v[1], y * v[0], y * v[1]];
}

/** Degrees between two directions of either sign. */
function angleBetween(a: number, b: number): number {
  const apart = (((a - b) % 180) + 180) % 180;
  return Math.min(apart, 180 - apart);
}

const SCALE = 96;
const STRETCH = stretchOf(MATRIX);

/** px of a point: y up. */
const px = ([x, y]: readonly [number, number]) => `${(SCALE * x).toFixed(1)},${(-SCALE * y).toFixed(1)}`;

function useInput() {
  const [angle, setAngle] = useLessonValue(ANGLE);
  const [layers, setLayers] = useLessonValue(LAYERS);
  const matrix = layers === 2 ? MATRIX : firstLayer(MATRIX);
  const x = unitVector(angle);
  return { angle, setAngle, layers, setLayers, matrix, x, out: applied2(matrix, x) };
}

/** The unit circle of inputs, and its image under the matrix. */
export function EllipseFigure() {
  const { matrix, x, out, layers } = useInput();
  const circle = Array.from({ length: 121 }, (_, i) => unitVector(3 * i));
  const [first, second] = [unitVector(STRETCH.most), unitVector(STRETCH.least)];
  const stretched = `The matrix makes it ${number(length2(out), 2)} long.`;
  return (
    <div className="ellipse">
      <Panel
        title="Inputs of length 1"
        help="a circle; the input that you choose in ink"
        says="All inputs of length 1 lie on a circle."
        curve={circle}
        arrow={x}
        hue="ink"
        axes={[
          [first, 'v₁'],
          [second, 'v₂'],
        ]}
      />
      <p className="by" aria-hidden="true">
        {layers === 2 ? 'M' : 'σ₁u₁v₁ᵀ'}
        <br />→
      </p>
      <Panel
        title={layers === 2 ? 'Outputs of M' : 'Outputs of its first pattern alone'}
        help={layers === 2 ? 'an ellipse; its half axes are σ₁u₁ and σ₂u₂' : 'flat: only the direction u₁ is left'}
        says={layers === 2 ? `The outputs lie on an ellipse. ${stretched}` : `The outputs lie on a line. ${stretched}`}
        curve={circle.map((one) => applied2(matrix, one))}
        arrow={out}
        hue="dw"
        axes={[
          [applied2(matrix, first), 'σ₁u₁'],
          ...(layers === 2 ? [[applied2(matrix, second), 'σ₂u₂'] as const] : []),
        ]}
      />
      <Sum />
    </div>
  );
}

function Sum() {
  const first = firstLayer(MATRIX);
  const second = MATRIX.map((entry, i) => entry - (first[i] ?? 0));
  return (
    <div className="sum">
      <Digits of={MATRIX} name="M" />
      <span>=</span>
      <Digits of={first} name="σ₁u₁v₁ᵀ" />
      <span>+</span>
      <Digits of={second} name="σ₂u₂v₂ᵀ" />
    </div>
  );
}

function Digits({ of: entries, name }: { readonly of: readonly number[]; readonly name: string }) {
  const row = (from: number) => (
    <tr>
      <td>{entries[from]?.toFixed(2).replace('-', '−')}</td>
      <td>{entries[from + 1]?.toFixed(2).replace('-', '−')}</td>
    </tr>
  );
  return (
    <table>
      <caption>{name}</caption>
      <tbody>
        {row(0)}
        {row(2)}
      </tbody>
    </table>
  );
}

interface EllipsePanelProps {
  readonly title: string;
  readonly help: string;
  readonly says: string;
  readonly curve: readonly (readonly [number, number])[];
  readonly arrow: readonly [number, number];
  readonly hue: 'ink' | 'dw';
  readonly axes: readonly (readonly [to: readonly [number, number], name: string])[];
}

function Panel({ title, help, says, curve, arrow, hue, axes }: EllipsePanelProps) {
  return (
    <Figure title={title} help={help}>
      <svg viewBox="-150 -150 300 300" role="img" aria-label={says}>
        <path className="axis" d="M-140,0H140M0,-140V140" />
        <path className={`curve ${hue}`} d={`M${curve.map(px).join('L')}Z`} />
        {axes.map(([to, name]) => (
          <g key={name}>
            <path className="half" d={`M0,0L${px(to)}`} />
            <text {...beyond(to)}>{name}</text>
          </g>
        ))}
        <path className={`arrow ${hue}`} d={`M0,0L${px(arrow)}`} />
        <circle className={hue} cx={SCALE * arrow[0]} cy={-SCALE * arrow[1]} r="6" />
      </svg>
    </Figure>
  );
}

/** Position of a half axis's name, beyond its end. */
function beyond(to: readonly [number, number]) {
  const [x, y] = [to[0], to[1]].map((v) => v * (1 + 0.16 / Math.max(0.3, length2(to))));
  return { x: SCALE * (x ?? 0), y: 5 - SCALE * (y ?? 0), textAnchor: 'middle' } as const;
}

const TURN = evenTrack(0, 180, 1);

export function InputControl() {
  const { angle, setAngle, layers, setLayers } = useInput();
  return (
    <SliderControl label="Direction of the input" value={angle} text={`${angle}°`} track={TURN} onValue={setAngle}>
      <Button aria-pressed={layers === 1} onClick={() => setLayers(layers === 1 ? 2 : 1)}>
        {layers === 1 ? 'Keep both patterns' : 'Keep only the first pattern'}
      </Button>
    </SliderControl>
  );
}

export function StretchStatus() {
  const { out, angle } = useInput();
  const near = angleBetween(angle, STRETCH.most);
  const advice = near > 30 ? 'Far from the most.' : 'Close. Turn a little further.';
  return (
    <p>
      The output is {number(length2(out), 3)} long. {near > FOUND && advice}
    </p>
  );
}

/** The stretch once v₁ has been found, and the addition of the second layer. */
export function StretchSummary() {
  const { x, out, layers } = useInput();
  const [whole, kept] = [applied2(MATRIX, x), applied2(firstLayer(MATRIX), x)];
  const lost = length2([whole[0] - kept[0], whole[1] - kept[1]]);
  return (
    <p>
      This output is {number(length2(out), 3)} long
      {layers === 1 && (
        <>
          ; without the second pattern a part of length {number(lost, 3)} is lost, at most <i>σ</i>₂
        </>
      )}
      .
    </p>
  );
}

/** Tolerance in degrees. */
const FOUND = 3;

export const isMaxStretch = (angle: number) => angleBetween(angle, STRETCH.most) <= FOUND;
