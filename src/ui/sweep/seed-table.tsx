import { MEASURES, type SweepScene } from '../../charts/sweep/cells.ts';
import { bestColumn, seedRows } from '../../charts/sweep/lines.ts';
import { counted } from '../../experiment/numbers.ts';
import { type Column, DataTable } from '../../kit/grids/data-table.tsx';
import { Lowered } from '../../kit/symbols.tsx';
import { useOpenCell } from './use-sweep.ts';

/** One setting in numbers: a column for each value, which opens its run in the lab. */
export function SeedTable({ scene }: { readonly scene: SweepScene }) {
  const open = useOpenCell();
  const [axis] = scene.axes;
  if (!axis || scene.cells.every(({ runs }) => runs.every((run) => run === null))) return null;
  const best = bestColumn(scene);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region is reached by keyboard
    <section className="seeds-scroll" tabIndex={0} aria-label={`${MEASURES[scene.measure]}, numbers`}>
      <DataTable
        className="seeds"
        caption={<span className="unseen">{`${MEASURES[scene.measure]} over ${counted(scene.seeds, 'seed')}`}</span>}
        rows={seedRows(scene)}
        columns={[
          {
            key: '',
            head: `${MEASURES[scene.measure].toLowerCase()}, ${counted(scene.seeds, 'seed')}`,
            cell: ({ head }) => head,
          },
          ...axis.texts.map((text, i): Column<ReturnType<typeof seedRows>[number]> => {
            const why = scene.cells[i]?.why;
            return {
              key: text,
              className: i === best ? 'best' : undefined,
              head: (
                <button
                  type="button"
                  className="link"
                  title="Open its first seed in the lab"
                  disabled={why !== null}
                  onClick={() => open([i])}
                >
                  <Lowered>{`${axis.before}${text}`}</Lowered>
                </button>
              ),
              cell: ({ texts }) => <span title={why ?? undefined}>{texts[i]}</span>,
            };
          }),
        ]}
      />
    </section>
  );
}
