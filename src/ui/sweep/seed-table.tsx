import { MEASURES, type SweepScene } from '../../charts/sweep/cells.ts';
import { bestColumn, seedRows } from '../../charts/sweep/lines.ts';
import { counted } from '../../experiment/numbers.ts';
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
      <table className="seeds">
        <caption className="unseen">
          {MEASURES[scene.measure]} over {counted(scene.seeds, 'seed')}
        </caption>
        <thead>
          <tr>
            <th scope="col">
              {MEASURES[scene.measure].toLowerCase()}, {counted(scene.seeds, 'seed')}
            </th>
            {axis.texts.map((text, i) => (
              <th key={text} scope="col" className={i === best ? 'best' : undefined}>
                <button
                  type="button"
                  className="link"
                  title="Open its first seed in the lab"
                  disabled={scene.cells[i]?.why !== null}
                  onClick={() => open([i])}
                >
                  <Lowered>{`${axis.before}${text}`}</Lowered>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {seedRows(scene).map(({ head, texts }) => (
            <tr key={head}>
              <th scope="row">{head}</th>
              {texts.map((text, i) => (
                <td
                  key={axis.texts[i]}
                  className={i === best ? 'best' : undefined}
                  title={scene.cells[i]?.why ?? undefined}
                >
                  {text}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
