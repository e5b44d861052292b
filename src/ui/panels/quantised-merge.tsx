import type { MergedWeights } from '../../experiment/layer/quantised/merged-weights.ts';
import { count, number } from '../../experiment/numbers.ts';
import { tookBefore } from '../../experiment/settings/availability.ts';
import { DataTable } from '../../kit/grids/data-table.tsx';
import { useLab } from '../page.tsx';

interface Way {
  readonly what: string;
  readonly error: string;
  readonly apart: string;
}

/** Ways of merging what was trained on Q, and none of them first. */
export function mergeWays({ trained, quantised, full, again }: MergedWeights): readonly Way[] {
  const way = (what: string, { error, apart }: MergedWeights['full']): Way => ({
    what,
    error: number(error),
    apart: apart === 0 ? '0' : number(apart, 2),
  });
  return [
    way('not merged: Q + ΔW', trained),
    way('into Q, stored in bfloat16', quantised),
    way('into W₀, stored in bfloat16', full),
    way('into Q, then NF4 again', again),
  ];
}

/**
 * Which weight the adapter belongs to, and which of the two ends nearer to the goal. `rest`: A and B took a part of W₀
 * before it was quantised.
 */
export function mergeWaysWords({ quantised, full, again }: MergedWeights, rest: boolean): string {
  const took = rest ? 'what A and B took from W₀, and NF4 from the rest' : 'what NF4 took from W₀';
  const gap = `They differ by ${took}, ${number(full.apart, 2)} of ‖ΔW*‖, whatever was trained.`;
  const ends = `${number(full.error)} from W₀ + ΔW* where Q ends ${number(quantised.error)}`;
  const near =
    full.error < quantised.error
      ? `Here W₀ ends nearer to the goal, ${ends}: it still has what was taken, and ΔW made up for a part of that alone.`
      : `Here W₀ ends farther from the goal, ${ends}: ΔW makes up for what was taken, and W₀ still has it.`;
  const stored = `Stored in NF4 again, the merged weight is ${number(again.apart, 2)} away from what was trained.`;
  return `${gap} ${near} ${stored}`;
}

/** What a merge on a quantised base has to say first. */
export const QUANTISED = 'Merging into the bfloat16 base is not merging into the one that was trained on.';

interface QuantisedMergeProps {
  readonly ways: MergedWeights;
  readonly step: number;
}

export function QuantisedMerge({ ways, step }: QuantisedMergeProps) {
  const rest = useLab(({ run: { experiment: e } }) => tookBefore(e));
  return (
    <section aria-label="Ways of merging">
      <p>{mergeWaysWords(ways, rest)}</p>
      <DataTable
        className="numbers ruled"
        caption={`Merged at step ${count(step)}; both as shares of ‖ΔW*‖`}
        rows={mergeWays(ways)}
        columns={[
          { key: 'what', cell: ({ what }) => what },
          { key: 'error', head: 'error: distance from W₀ + ΔW*', cell: ({ error }) => error },
          { key: 'apart', head: 'distance from Q + ΔW', cell: ({ apart }) => apart },
        ]}
      />
    </section>
  );
}
