import type { NumberLine } from './module-numbers.ts';

/** Numbers of a module, a line each. */
export function NumberTable({ lines }: { readonly lines: readonly NumberLine[] }) {
  return (
    <table className="module-numbers">
      <tbody>
        {lines.map(({ name, value }) => (
          <tr key={name}>
            {value === null ? (
              <th colSpan={2} scope="colgroup">
                {name}
              </th>
            ) : (
              <>
                <th scope="row">{name}</th>
                <td>{value}</td>
              </>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
