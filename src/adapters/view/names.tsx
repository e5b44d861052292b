import { count } from '../../experiment/numbers.ts';
import { visible } from '../file/faults.ts';

/** More than anybody reads; the rest is counted. */
const MOST = 500;

/** Names of tensors or modules, as the file has them but for characters that are not seen. */
export function Names({ of }: { readonly of: readonly string[] }) {
  return (
    <ul className="adapter-names">
      {of.slice(0, MOST).map((name) => (
        <li key={name}>
          <code>{visible(name)}</code>
        </li>
      ))}
      {of.length > MOST && <li>… and {count(of.length - MOST)} more</li>}
    </ul>
  );
}
