/** A line of a module's numbers; without a value it is a head. */
export interface NumberLine {
  readonly name: string;
  readonly value: string | null;
  readonly optional?: boolean;
}

export function NumberTable({ lines }: { readonly lines: readonly NumberLine[] }) {
  return (
    <table className="numbers whole grow module-numbers">
      <tbody>
        {lines.map(({ name, value }) => (
          <tr key={name}>
            {value === null ? (
              <th colSpan={2} scope="colgroup" className="strong">
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
