import { safeName } from '../faults.ts';
import type { AdapterConfig, Fault, Module, ModuleKind, Naming, TensorEntry } from '../model.ts';
import { lookupOf } from '../patterns.ts';
import type { Tensors } from '../shapes.ts';

/**
 * PEFT's adapters of parameters (target_parameters): one A [E·r, in] and one B [out, r·E] for the E experts of a layer.
 * Rows e·r … (e + 1)·r of A and columns e, E + e, 2E + e, … of B are those of expert e, and ΔWₑ = s·Bₑ·Aₑ.
 * A second parameter of the same module lies under `base_layer`: the first that the model has is the innermost.
 * Source: ParamWrapper in peft/tuners/lora/layer.py, _inject_parameters in tuners_utils.py.
 */

interface PairGroup {
  readonly name: string;
  readonly kind: ModuleKind;
  readonly naming: Naming;
  readonly tensors: Tensors;
  readonly parameter?: string;
  readonly experts?: number;
}

/** Without the config r is not known, and so not how many experts there are. */
const UNKNOWN_RANK: Fault = {
  fault: 'How many experts this file has is not known.',
  details:
    'PEFT keeps all experts of a layer in one A, [E·r, in], and one B, [out, r·E]. r is in adapter_config.json, with target_parameters: drop both together.',
};

const IN_EXPERTS = /(?:^|\.)experts(?:\.base_layer)*$/;
const WRAPPED = /(?:\.base_layer)+$/;
/** In the order in which models have them. */
const ORDER = ['gate_up_proj', 'gate_up_proj_bias', 'down_proj', 'down_proj_bias'];

const depthOf = (name: string) => (WRAPPED.exec(name)?.[0].length ?? 0) / '.base_layer'.length;

/** The same groups, those of parameters with the parameter in their name and their number of experts; or why not. */
export function withExperts<G extends PairGroup>(
  groups: readonly G[],
  config: AdapterConfig | null,
): { readonly groups: readonly G[]; readonly left: readonly (readonly [TensorEntry, string])[] } | Fault {
  const targets = config?.targetParameters ?? [];
  const isPair = ({ kind, naming }: G) => kind === 'lora' && naming === 'peft';
  if (targets.length === 0)
    return groups.some((of) => isPair(of) && IN_EXPERTS.test(of.name)) ? UNKNOWN_RANK : { groups, left: [] };
  const levels = new Map<string, number>();
  for (const { name } of groups.filter(isPair)) {
    const bare = name.replace(WRAPPED, '');
    levels.set(bare, Math.max(levels.get(bare) ?? 0, depthOf(name) + 1));
  }
  const rankOf = lookupOf(config?.rankPattern ?? []);
  const found: G[] = [];
  const left: (readonly [TensorEntry, string])[] = [];
  for (const group of groups) {
    const bare = group.name.replace(WRAPPED, '');
    const parameters = isPair(group) ? parametersOf(bare, targets) : [];
    if (parameters.length === 0 && !(isPair(group) && IN_EXPERTS.test(group.name))) {
      found.push(group);
      continue;
    }
    const parameter = levels.get(bare) === parameters.length ? parameters[depthOf(group.name)] : undefined;
    const name = `${bare}.${parameter}`;
    const rank = parameter === undefined ? null : (rankOf(name) ?? config?.r ?? null);
    const why = parameter === undefined ? ofUnknownParameter(parameters, levels.get(bare) ?? 1) : reason(group, rank);
    const experts = (group.tensors.down?.shape[0] ?? 0) / Number(rank);
    if (why !== null) left.push(...Object.values(group.tensors).map((tensor) => [tensor, why] as const));
    else found.push({ ...group, name, parameter, ...(experts === 1 ? {} : { kind: 'experts', experts }) });
  }
  return { groups: found, left };
}

/** The adapted parameters of a module, the outermost wrapper first. */
function parametersOf(module: string, targets: readonly string[]): readonly string[] {
  const names = targets.flatMap((target) => {
    const dot = target.lastIndexOf('.');
    const [owner, parameter] = [target.slice(0, Math.max(0, dot)), target.slice(dot + 1)];
    const fits = owner === '' ? IN_EXPERTS.test(module) : module === owner || module.endsWith(`.${owner}`);
    return fits ? [parameter] : [];
  });
  const unlike = [...new Set(names)];
  const places = unlike.map((name) => ORDER.indexOf(name));
  // The order of other names is that of the model's code.
  if (unlike.length > 1 && places.includes(-1)) return [];
  return unlike.sort((a, b) => ORDER.indexOf(b) - ORDER.indexOf(a));
}

function ofUnknownParameter(parameters: readonly string[], levels: number): string {
  return parameters.length === 0
    ? 'Which parameter it adapts is not known from target_parameters.'
    : `target_parameters names ${parameters.length} parameters of its module, and the file has ${levels}.`;
}

function reason({ tensors: { down } }: PairGroup, rank: number | 'unknown' | null): string | null {
  if (rank === null || rank === 'unknown')
    return 'Its rank is not in adapter_config.json, so its experts are not known.';
  const rows = down?.shape[0] ?? 0;
  const whole = Number.isInteger(rank) && rank > 0 && rows % rank === 0;
  return whole ? null : `A has ${rows} rows, which is no multiple of r = ${rank} of adapter_config.json.`;
}

/** The module that has the parameter. */
const ownerOf = ({ name, parameter = '' }: Module): string => name.slice(0, name.length - parameter.length - 1);

/** The parameters of each module, the outermost first; modules that adapt none are left out. */
function parametersByOwner(modules: readonly Module[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const module of modules) {
    if (module.parameter === undefined) continue;
    const owner = ownerOf(module);
    found.set(owner, [...(found.get(owner) ?? []), module.parameter]);
  }
  for (const names of found.values()) names.sort((a, b) => ORDER.indexOf(b) - ORDER.indexOf(a));
  return found;
}

/**
 * Modules of several files with their tensors named as one file has them: `base_layer` as often as a parameter of the
 * same module lies outside. A Fault if the order of two is not known.
 */
export function placedParameters(modules: readonly Module[]): readonly Module[] | Fault {
  const owners = parametersByOwner(modules);
  for (const [owner, names] of owners) {
    if (names.length > 1 && names.some((name) => !ORDER.includes(name)))
      return {
        fault: 'The order of two parameters is not known.',
        details: `${safeName(owner)} has ${names.map(safeName).join(' and ')}. PEFT names their tensors by their order in the model’s code. Leave out modules that one file alone has.`,
      };
  }
  return modules.map((module) => {
    if (module.parameter === undefined) return module;
    const owner = ownerOf(module);
    const depth = owners.get(owner)?.indexOf(module.parameter) ?? 0;
    const placed = (tensor: TensorEntry): TensorEntry => {
      const at = tensor.name.lastIndexOf('.lora_');
      const front = tensor.name.slice(0, at).replace(WRAPPED, '');
      return { ...tensor, name: front + '.base_layer'.repeat(depth) + tensor.name.slice(at) };
    };
    const tensors = Object.fromEntries(Object.entries(module.tensors).map(([part, of]) => [part, placed(of)]));
    return { ...module, tensors };
  });
}

/** target_parameters of a file with these modules: as it is if that names just these of each, else their whole names. */
export function targetParameters(before: readonly string[], modules: readonly Module[]): readonly string[] {
  const wanted = [...parametersByOwner(modules)];
  const same = wanted.every(([owner, names]) => String(parametersOf(owner, before)) === String(names));
  return same ? before : modules.flatMap(({ name, parameter }) => (parameter === undefined ? [] : [name]));
}
