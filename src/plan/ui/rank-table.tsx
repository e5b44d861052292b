import { useRef } from 'react';
import { count } from '../../experiment/numbers.ts';
import { NumberField, numberReader } from '../../kit/number-field.tsx';
import { savingText, spanText } from '../model/cost-text.ts';
import { breakEven, countType, rankOf } from '../model/counts.ts';
import { blockCount, type LayerShape, type ModuleType, maxRank } from '../model/models.ts';
import { USUAL_RANK } from '../model/setting.ts';
import { useCost } from './choices.tsx';

/** Each kind of matrix: whether it is adapted, at which rank, and its trained parameters. */
export function RankTable() {
  const [{ model }] = useCost();
  const blocks = blockCount(model);
  const all = `in ${count(blocks)} ${model.block}${blocks === 1 ? '' : 's'}`;
  return (
    <table className="numbers whole ranks">
      <caption className="unseen">
        The kinds of matrices of the model: a check box adapts one, a slider sets its rank
      </caption>
      <thead>
        <tr>
          {['adapt', 'd × k', 'rank', `numbers per ${model.block}`, all, 'fewer than d·k', 'break-even rank'].map(
            (head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ),
          )}
        </tr>
      </thead>
      <tbody>
        {model.modules.map((type) => (
          <Row key={`${model.name} ${type.name}`} type={type} all={all} />
        ))}
      </tbody>
    </table>
  );
}

interface RankControl {
  readonly rank: number;
  readonly largest: number;
  /** 0 freezes it. */
  readonly to: (rank: number) => void;
}

/** The rank of a kind of matrix. */
export function useRank(type: ModuleType): RankControl {
  const [cost, set] = useCost();
  const to = (next: number) => {
    const { [type.name]: _, ...others } = cost.ranks;
    set({ ...cost, ranks: next > 0 ? { ...others, [type.name]: next } : others });
  };
  return { rank: rankOf(cost, type), largest: maxRank(type), to };
}

interface RankControlProps extends RankControl {
  readonly name: string;
}

/** Adapts a kind of matrix, at the rank that it had before. */
export function AdaptBox({ name, rank, largest, to }: RankControlProps) {
  const before = useRef(USUAL_RANK);
  if (rank > 0) before.current = rank;
  return (
    <label>
      <input
        type="checkbox"
        checked={rank > 0}
        onChange={({ target }) => to(target.checked ? Math.min(before.current, largest) : 0)}
      />
      <span className="unseen">Adapt </span>
      {name}
    </label>
  );
}

export function RankField({ name, rank, largest, to }: RankControlProps) {
  return (
    <NumberField
      aria-label={`Rank of ${name}, typed`}
      value={rank}
      text={rank > 0 ? undefined : '–'}
      read={numberReader(0, largest)}
      style={{ width: '5ch' }}
      onValue={to}
    />
  );
}

function Row({ type, all }: { readonly type: ModuleType; readonly all: string }) {
  const [cost] = useCost();
  const control = useRank(type);
  const { rank, largest, to } = control;
  const { each, trained, fewer } = countType(type, rank);
  const even = breakEven(type);
  const ranks = sliderRanks(largest);
  const part = cost.model.block;
  return (
    <tr className={rank > 0 ? undefined : 'frozen'} data-module={type.name}>
      <th scope="row">
        <AdaptBox name={type.name} {...control} />
      </th>
      <td>{sizes(type)}</td>
      <td>
        <div className="row rank">
          <input
            type="range"
            min={0}
            max={ranks.length - 1}
            step={1}
            value={sliderPlace(rank, ranks)}
            aria-label={`Rank of ${type.name}`}
            aria-valuetext={rank > 0 ? `rank ${count(rank)}` : 'frozen'}
            onChange={({ target }) => to(ranks[Number(target.value)] ?? 0)}
          />
          <RankField name={type.name} {...control} />
        </div>
      </td>
      <td data-head={`per ${part}`}>{rank > 0 ? spanText(each) : 'frozen'}</td>
      <td data-head={all}>{rank > 0 ? count(trained) : ''}</td>
      <td data-head="fewer">{rank > 0 ? savingText(fewer) : ''}</td>
      <td data-head="break-even">{spanText(even, (r) => count(Math.floor(r)))}</td>
    </tr>
  );
}

/** "4,096 × 4,096", or the first and the last of several sizes. */
export function sizes({ shapes }: ModuleType): string {
  const size = ({ d, k }: Pick<LayerShape, 'd' | 'k'>) => `${count(d)} × ${count(k)}`;
  const [first] = shapes;
  const last = shapes.at(-1) ?? first;
  return first === last ? size(first) : `${size(first)} to ${size(last)}`;
}

/** Places of the slider: frozen, then powers of two and their midpoints. */
const STEPS = [
  0, 1, 2, 3, 4, 6, 8, 12, 16, 20, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096,
];

export function sliderRanks(largest: number): readonly number[] {
  const inside = STEPS.filter((rank) => rank < largest);
  return [...inside, largest];
}

/** The slider's place of a rank: the last one that is not above it. */
export function sliderPlace(rank: number, ranks: readonly number[]): number {
  return ranks.reduce((at, one, i) => (one <= rank ? i : at), 0);
}
