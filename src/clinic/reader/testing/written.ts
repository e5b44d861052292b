/** Settings as each tool's files and commands write them. */

export type Value = string | number | boolean | null | readonly (string | number)[];
export type Pairs = readonly (readonly [key: string, value: Value])[];

const quoted = (value: string) => `"${value}"`;

const yamlValue = (value: Value): string => {
  if (value === null) return '';
  if (typeof value === 'object') return `\n${value.map((item) => `  - ${item}`).join('\n')}`;
  return ` ${value}`;
};

export const yaml = (pairs: Pairs): string =>
  `${pairs.map(([key, value]) => `${key}:${yamlValue(value)}`).join('\n')}\n`;

const tomlValue = (value: Value): string =>
  typeof value === 'string'
    ? quoted(value)
    : value !== null && typeof value === 'object'
      ? `[${value.map((item) => (typeof item === 'string' ? quoted(item) : item)).join(', ')}]`
      : String(value ?? quoted(''));

export const toml = (pairs: Pairs): string =>
  `${pairs.map(([key, value]) => `${key} = ${tomlValue(value)}`).join('\n')}\n`;

/** `table`: `[name]` above each. */
export const tomlTables = (tables: Readonly<Record<string, Pairs>>): string =>
  Object.entries(tables)
    .map(([name, pairs]) => `[${name}]\n${toml(pairs)}`)
    .join('\n');

export const command = (program: string, pairs: Pairs, equals = false): string =>
  [
    program,
    ...pairs.map(([key, value]) => {
      if (value === true) return `--${key}`;
      const values =
        typeof value === 'object' && value !== null ? value.map((item) => quoted(String(item))).join(' ') : value;
      return equals && typeof value !== 'object' ? `--${key}=${values}` : `--${key} ${values}`;
    }),
  ].join(' \\\n  ');

const pythonValue = (value: Value): string =>
  value === null
    ? 'None'
    : typeof value === 'boolean'
      ? value
        ? 'True'
        : 'False'
      : typeof value === 'string'
        ? value.startsWith('torch.')
          ? value
          : quoted(value)
        : typeof value === 'number'
          ? String(value)
          : `[${value.map((item) => (typeof item === 'string' ? quoted(item) : item)).join(', ')}]`;

export const python = (call: string, pairs: Pairs): string =>
  `${call}(\n${pairs.map(([key, value]) => `    ${key}=${pythonValue(value)},`).join('\n')}\n)\n`;

export const json = (pairs: Pairs): string => JSON.stringify(Object.fromEntries(pairs), null, 2);
