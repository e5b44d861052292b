import { count } from '../../experiment/numbers.ts';
import { visibleText } from '../file/faults.ts';

const MOST = 500;

/** Names of tensors or modules on demand, as in the file except for invisible characters. */
export function NameDetails({ names }: { readonly names: readonly string[] }) {
  return (
    <details>
      <summary>{names.length === 1 ? 'Show the name' : `Show all ${count(names.length)} names`}</summary>
      <ul className="adapter-names">
        {names.slice(0, MOST).map((name) => (
          <li key={name}>
            <code>{visibleText(name)}</code>
          </li>
        ))}
        {names.length > MOST && <li>… and {count(names.length - MOST)} more</li>}
      </ul>
    </details>
  );
}
