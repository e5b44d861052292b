import { useMemo } from 'react';
import { count, number } from '../../experiment/numbers.ts';
import { adapterOf, countsOf } from '../../experiment/settings/counts.ts';
import { Menu } from '../../kit/menu.tsx';
import { useShown } from '../page.tsx';
import { pictureOf, type RunColumn } from './compared.ts';
import { rowsOf } from './figures.ts';
import { Picture } from './heat.tsx';
import { PinActs, RunKey } from './names.tsx';
import { usePointing } from './pointing.ts';
import { settingsName } from './run-words.ts';
import { useWanted } from './wanted.ts';

/** px of the side of a picture. */
const SIDE = 48;

/** The runs one under another, where there is no room for columns. */
export function PhoneRuns({ columns }: { readonly columns: readonly RunColumn[] }) {
  const pointing = usePointing();
  const [errors] = rowsOf(columns);
  return (
    <table className="phone-runs" {...pointing}>
      <caption className="unseen">Runs</caption>
      <tbody>
        {columns.map((column, i) => (
          <tr key={column.at} data-run={column.at}>
            <td className="picture">
              <Small column={column} />
            </td>
            <th scope="row">
              <RunKey at={column.at} />
              <b className={column.pin ? undefined : 'dw'}>{column.name}</b>
              <span className="note">{below(column)}</span>
            </th>
            <td className="error">
              <b>{errors.figures[i].value}</b>
            </td>
            <td className="more">
              {column.pin && (
                <Menu label="…" name={`More for ${column.name}`}>
                  <PinActs column={column} />
                </Menu>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function below({ pin, experiment, floor, ownFloor }: RunColumn): string {
  if (!pin) return settingsName(experiment);
  const trained = `${count(countsOf(adapterOf(experiment)).trained)} numbers`;
  return floor === null ? trained : `floor ${number(floor)}${ownFloor === null ? '' : ', its own'} · ${trained}`;
}

function Small({ column }: { readonly column: RunColumn }) {
  const wanted = useWanted();
  const shown = useShown((s) => s.compare.shown);
  const plane = useMemo(() => pictureOf(column, shown, wanted), [column, shown, wanted]);
  const { d, k, name } = column;
  const cell = SIDE / Math.max(d, k);
  return (
    <Picture
      plane={plane}
      of={shown}
      scale={wanted?.scale ?? 0}
      width={k * cell}
      height={d * cell}
      label={`Heat map of ΔW of ${name}`}
    />
  );
}
