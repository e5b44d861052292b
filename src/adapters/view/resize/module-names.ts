import { standOf } from '../../charts/grid/arrange.ts';
import type { Module } from '../../file/model.ts';

/** "self-attention" is "self" where cross-attention stands beside it. */
const short = (group: string) => group.replace(/-attention$/, '');

/** The kind of a module in one word or two: "q", "self q" where there are several groups. */
function typeOf(module: Module, groups: number): string {
  const { group, type } = standOf(module);
  return groups > 1 && group !== '' ? `${short(group)} ${type}` : type;
}

const groupsIn = (modules: readonly Module[]) => new Set(modules.map((module) => standOf(module).group)).size;

/** What tells the modules of a file apart, as short as it can be: layers where all are of one kind, else layer and kind. */
export function namesOf(modules: readonly Module[]): readonly string[] {
  const groups = groupsIn(modules);
  const types = modules.map((module) => typeOf(module, groups));
  const same = new Set(types).size === 1;
  return modules.map((module, i) => (same ? standOf(module).layer : `${standOf(module).layer} ${types[i]}`));
}

/** Their kinds alone, for modules of one layer. */
export function typesOf(modules: readonly Module[]): readonly string[] {
  const groups = groupsIn(modules);
  return modules.map((module) => typeOf(module, groups));
}

/** For a narrow column: "3 c_attn". */
export function rowNames(modules: readonly Module[]): readonly string[] {
  const groups = groupsIn(modules);
  return modules.map((module) => `${standOf(module).layer.replace(/^layer /, '')} ${typeOf(module, groups)}`);
}
