import type { ModuleKind, Part, TensorEntry } from './model.ts';
import { readName } from './namings/families.ts';
import type { NamingFamily } from './namings/naming.ts';

/** The tensors of one module, before their shapes are looked at. */
export interface Group {
  /** Its name as the file has it, without what belongs to the naming. */
  readonly name: string;
  readonly kind: ModuleKind;
  readonly family: NamingFamily;
  readonly tensors: Readonly<Partial<Record<Part, TensorEntry>>>;
}

export type Unpaired = readonly [tensor: TensorEntry, why: string];

export interface Grouped {
  readonly groups: readonly Group[];
  /** Tensors that are no part of an adapted layer. */
  readonly others: readonly TensorEntry[];
  /** Tensors whose place is taken by another. */
  readonly unpaired: readonly Unpaired[];
}

interface Growing {
  readonly adapter: string;
  readonly kind: ModuleKind;
  readonly family: NamingFamily;
  readonly tensors: Map<Part, TensorEntry>;
}

/** Puts the tensors of a file together by the names of their modules. */
export function groupTensors(tensors: readonly TensorEntry[]): Grouped {
  const modules = new Map<string, Growing[]>();
  const others: TensorEntry[] = [];
  const unpaired: Unpaired[] = [];
  const adapters = new Set<string>();
  const put = (group: Growing, part: Part, tensor: TensorEntry) => {
    if (group.tensors.has(part)) unpaired.push([tensor, 'Its module has another tensor for the same part.']);
    else group.tensors.set(part, tensor);
  };
  const readings = tensors.map((tensor) => ({ tensor, reading: readName(tensor.name) }));
  for (const { tensor, reading } of readings) {
    if (!reading?.kind) continue;
    const { module, part, kind, family } = reading;
    const adapter = reading.adapter ?? '';
    adapters.add(adapter);
    const groups = modules.get(module) ?? [];
    modules.set(module, groups);
    let group = groups.find((of) => of.adapter === adapter);
    if (!group) {
      group = { adapter, kind, family, tensors: new Map() };
      groups.push(group);
    }
    if (group.kind === kind) put(group, part, tensor);
    else unpaired.push([tensor, 'Its module has factors of another kind.']);
  }
  // α and magnitudes belong to the module of their name; without factors there is none.
  for (const { tensor, reading } of readings) {
    if (reading?.kind) continue;
    const groups = reading ? modules.get(reading.module) : undefined;
    const group = groups?.find(({ adapter }) => adapter === reading?.adapter) ?? groups?.[0];
    if (reading && group) put(group, reading.part, tensor);
    else others.push(tensor);
  }
  const [main] = adapters;
  const groups = [...modules].flatMap(([module, list]) =>
    list.map(({ adapter, kind, family, tensors: parts }) => ({
      name: list.length === 1 || adapter === main ? module : `${module} (${adapter || 'unnamed'})`,
      kind,
      family,
      tensors: Object.fromEntries(parts),
    })),
  );
  return { groups, others, unpaired };
}
