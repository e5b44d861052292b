import { safeName, twice } from '../faults.ts';
import type {
  Adapter,
  AdapterSource,
  ByteSource,
  ConvertPlan,
  ConvertTo,
  Fault,
  Module,
  Part,
  TensorEntry,
  WorkOptions,
} from '../model.ts';
import { NAMINGS, readName } from '../namings.ts';
import { alphaBytes, newMetadataAndConfig, readOnlyFault } from '../resize/metadata.ts';
import { isAlphaElsewhere } from '../resize/outline.ts';
import { bytesOf, countOf } from '../safetensors/numbers.ts';
import { copiedTensor, type OutputAdapter, type OutputTensor } from '../safetensors/write.ts';
import { fluxLook, sourceWith, withFluxLayers } from './flux-layers.ts';
import { comesBack, type NewName, namingFor, newName, tensorName } from './names.ts';

/** A tensor of the new file: copied under its new name, or a new α. */
interface ConvertedTensor {
  readonly module: Module;
  readonly name: NewName;
  readonly part: Part;
  readonly from: TensorEntry | null;
  readonly after: string;
}

interface Conversion {
  readonly to: ConvertTo;
  readonly names: readonly NewName[];
  readonly tensors: readonly ConvertedTensor[];
  readonly dropped: readonly TensorEntry[];
  readonly through: readonly TensorEntry[];
}

/** Names before and after, or a Fault if this file cannot have them. Of layers that are joined or divided the most. */
export function convertPlan(given: Adapter, to: ConvertTo): ConvertPlan | Fault {
  const layers = obstacleTo(given, to) ?? withFluxLayers(given, to);
  if (layers && 'fault' in layers) return layers;
  const adapter = layers?.adapter ?? given;
  const conversion = conversionOf(adapter, to);
  if ('fault' in conversion) return conversion;
  const { tensors, dropped, through } = conversion;
  const isArranged = layers !== null && layers.rule !== '';
  const before = (from: TensorEntry) => layers?.origins.get(from) ?? [from.name];
  const changed = tensors.flatMap(({ from, after }) =>
    (from === null ? [null] : before(from)).map((name) => [name, after] as const),
  );
  return {
    to,
    renamed: [
      ...changed,
      ...dropped.map(({ name }) => [name, null] as const),
      ...through.map(({ name }) => [name, name] as const),
    ],
    rule: `${ruleOf(adapter, conversion, isArranged)}${layers?.rule ?? ''}`.trim(),
    arranged: isArranged,
    added: tensors.filter(({ from }) => from === null).length,
    dropped: dropped.length,
    oneWay: layers ? null : oneWayText(adapter, conversion),
  };
}

/** Why a file is not converted whatever its names; null if it is. */
function obstacleTo(adapter: Adapter, to: ConvertTo): Fault | null {
  if (adapter.naming === to) return already(to);
  const readOnly = readOnlyFault(adapter);
  if (readOnly) return readOnly;
  const unknown = adapter.modules.find(({ scaling }) => scaling === null);
  if (unknown) {
    return {
      fault: 'α is not known.',
      details: `${NAMINGS[to]} keeps α beside the factors, and ${safeName(unknown.name)} has none. Say what α is first.`,
    };
  }
  return null;
}

function conversionOf(adapter: Adapter, to: ConvertTo): Conversion | Fault {
  const obstacle = obstacleTo(adapter, to);
  if (obstacle) return obstacle;
  const naming = namingFor(adapter, to);
  const names: NewName[] = [];
  const tensors: ConvertedTensor[] = [];
  const dropped: TensorEntry[] = [];
  for (const module of adapter.modules) {
    const why = unfit(module, to);
    const name = why ?? newName(module, naming);
    if (typeof name === 'string') return impossible(to, name);
    names.push(name);
    for (const [part, from] of Object.entries(module.tensors) as [Part, TensorEntry][]) {
      if (part === 'alpha' && to !== 'kohya') {
        dropped.push(from);
        continue;
      }
      const after = tensorName(name, part, to);
      if (after === null)
        return impossible(to, `${NAMINGS[to]} has no name for ${safeName(from.name)} of ${safeName(module.name)}.`);
      tensors.push({ module, name, part, from, after });
    }
    if (to === 'kohya' && !module.tensors.alpha) {
      tensors.push({ module, name, part: 'alpha', from: null, after: `${name.prefix}.alpha` });
    }
  }
  if (dropped.length === 0 && tensors.every(({ from, after }) => from?.name === after)) return already(to);
  const lost = unread(tensors);
  if (lost !== undefined)
    return impossible(to, `${safeName(lost.after)} would not be read as a part of its module again.`);
  const through = [...adapter.others, ...adapter.unpaired.map(([tensor]) => tensor)];
  const taken = twice([...tensors.map((of) => of.after), ...through.map((of) => of.name)]);
  if (taken !== null) return impossible(to, `Two tensors would be called ${safeName(taken)}.`);
  return { to, names, tensors, dropped, through };
}

const impossible = (to: ConvertTo, details: string): Fault => ({
  fault: `Not possible in names of ${NAMINGS[to]}.`,
  details,
});

const already = (to: ConvertTo): Fault => ({
  fault: `The names are those of ${NAMINGS[to]} already.`,
  details: 'Choose another naming.',
});

/** A tensor whose new name reads as another part or module. */
function unread(tensors: readonly ConvertedTensor[]): ConvertedTensor | undefined {
  const called = new Map<Module, string>();
  const owners = new Map<string, Module>();
  return tensors.find(({ module, part, after }) => {
    const reading = readName(after);
    if (reading?.part !== part) return true;
    const name = called.get(module) ?? reading.module;
    const owner = owners.get(name) ?? module;
    called.set(module, name);
    owners.set(name, owner);
    return name !== reading.module || owner !== module;
  });
}

function unfit(module: Module, to: ConvertTo): string | null {
  const name = safeName(module.name);
  if (module.kind === 'experts')
    return `${name} has one A and one B for all experts of a layer, which PEFT alone reads.`;
  if (module.kind !== 'lora') {
    if (to === 'kohya') return `${name} is no pair B·A; its names are those of LyCORIS already.`;
    return `${name} is no pair B·A, and ${NAMINGS[to]} has no names for its tensors.`;
  }
  if (to === 'kohya') return null;
  if (module.tensors.mid) return `${name} has a third factor between A and B, for which ${NAMINGS[to]} has no name.`;
  if (module.magnitude === 'per input') {
    return `${name} has DoRA magnitudes per input; ${NAMINGS[to]} has them per output.`;
  }
  return null;
}

function ruleOf(adapter: Adapter, { to, names }: Conversion, isArranged: boolean): string {
  const networks = new Set(names.map(({ network }) => network));
  const tables = [...new Set(names.flatMap(({ table }) => table ?? []))];
  const turned =
    adapter.naming === 'mlx' ? ' The factors of MLX lie transposed: their numbers are put in the usual order.' : '';
  if (to === 'kohya') {
    const first = names.some(({ prefix }) => /_(?:input|output)_blocks_/.test(prefix));
    const blocks = first ? '; blocks of Stable Diffusion XL are counted as in its first code' : '';
    const ofWan = names.some(
      ({ prefix }, i) => /_(?:self|cross)_attn_/.test(prefix) && /_attn[12]_/.test(adapter.modules[i].canonical),
    );
    const words = ofWan ? '; layers of Wan are called as in its first code' : '';
    return `Underscores stand for dots, after lora_unet_, lora_te_ or another name of the network${blocks}${words}.${turned}`;
  }
  if (isArranged) return turned;
  const dots =
    tables.length > 0 ? `Underscores become dots by a table for ${tables.join(' and ')}.` : 'Names of layers stay.';
  const apart =
    to === 'peft' && networks.size > 1
      ? ' PEFT loads one network per file; here each name begins with its network.'
      : '';
  return `${dots}${apart}${turned}`;
}

function oneWayText({ modules }: Adapter, { to, names }: Conversion): string | null {
  const lost = to === 'kohya' ? modules.filter((module, i) => !comesBack(module, names[i])) : [];
  if (lost.length === 0) return null;
  const some = lost.length === modules.length ? 'these names' : `${lost.length} of ${modules.length} names`;
  return `One way only: no table here gives ${some} the dots back, as ${safeName(lost[0].name)}. Keep the old file.`;
}

/** The file under another family's names: bytes are copied (from MLX, transposed). A Fault if a name has no place. */
export async function convertedFile(
  source: ByteSource,
  adapter: Adapter,
  to: ConvertTo,
): Promise<OutputAdapter | Fault> {
  const given = await inLayers({ source, adapter }, to);
  return 'fault' in given ? given : withNames(given, to);
}

/** The file with the layers that the names stand for: those of Flux are joined or divided. */
async function inLayers(given: AdapterSource, to: ConvertTo): Promise<AdapterSource | Fault> {
  if (obstacleTo(given.adapter, to)) return given;
  const layers = withFluxLayers(given.adapter, to, await fluxLook(given, to));
  if (layers === null || 'fault' in layers) return layers ?? given;
  return { source: sourceWith(given.source, layers.made), adapter: layers.adapter };
}

function withNames({ source, adapter }: AdapterSource, to: ConvertTo): OutputAdapter | Fault {
  const conversion = conversionOf(adapter, to);
  if ('fault' in conversion) return conversion;
  const { metadata, config } = sayingsOf(adapter, conversion);
  const tensors = conversion.tensors.map((of) => {
    const { from, part } = of;
    if (from === null || (part === 'alpha' && isOther(adapter, of, from))) return alphaTensor(of);
    return copied(source, of, from, to);
  });
  return {
    file: { metadata, tensors: [...tensors, ...conversion.through.map((tensor) => copiedTensor(source, tensor))] },
    config,
  };
}

/** α at which s = α/r is the module's s, whatever rule its old file has. */
function alphaOf({ alpha, scaling, rule, rank }: Module): number {
  return rule === 'α/r' && alpha !== null ? alpha : (scaling ?? 1) * rank;
}

function alphaTensor({ module, after, from }: ConvertedTensor): OutputTensor {
  const value = alphaOf(module);
  const shape = from !== null && countOf(from.shape) === 1 ? from.shape : [];
  return { name: after, dtype: 'F32', shape, bytes: async () => alphaBytes(module, value, 'F32') };
}

/** Whether a module's α differs from its tensor: read elsewhere, or rescaled from α/√r to α/r. */
const isOther = (adapter: Adapter, { module }: ConvertedTensor, from: TensorEntry): boolean =>
  module.rule !== 'α/r' || isAlphaElsewhere(adapter, from);

function copied(
  source: ByteSource,
  { module, part, after }: ConvertedTensor,
  from: TensorEntry,
  to: ConvertTo,
): OutputTensor {
  if (part === 'magnitude') {
    const shape = to === 'kohya' ? [module.d, 1] : [module.d];
    return { ...copiedTensor(source, from, after), shape: module.magnitude === 'per output' ? shape : from.shape };
  }
  if (!module.transposed || from.shape.length !== 2) return copiedTensor(source, from, after);
  const [rows, cols] = from.shape;
  const size = bytesOf(from.dtype, [1]);
  const bytes = async () => transposed(await source.read(from.from, from.to), rows, cols, size);
  return { name: after, dtype: from.dtype, shape: [cols, rows], bytes };
}

/** Transposes numbers of `size` bytes without decoding them. */
function transposed(bytes: Uint8Array<ArrayBuffer>, rows: number, cols: number, size: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(bytes.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      const [from, to] = [(i * cols + j) * size, (j * rows + i) * size];
      for (let b = 0; b < size; b++) out[to + b] = bytes[from + b];
    }
  }
  return out;
}

const KOHYA = ['ss_network_dim', 'ss_network_alpha', 'ss_network_module'];
const COMPONENTS = 'lora_adapter_metadata';

/** Metadata and config of the new file, as those of an adapter that has the new names. */
function sayingsOf(adapter: Adapter, { to, names }: Conversion) {
  const modules = adapter.modules.map((module, i): Module => {
    const alpha = alphaOf(module);
    return { ...module, name: names[i].module, alpha, rule: 'α/r', scaling: alpha / module.rank };
  });
  const kept = Object.entries(adapter.header.metadata).filter(([key]) => key !== COMPONENTS && !KOHYA.includes(key));
  const metadata = Object.fromEntries(kept);
  // Programs that load by PyTorch need it.
  if (to !== 'kohya') metadata.format ??= 'pt';
  if (to === 'diffusers') {
    const networks = new Set(names.map(({ network }) => network));
    // Filled below; target_modules are the layers that diffusers adapts.
    metadata[COMPONENTS] = JSON.stringify(
      Object.fromEntries(
        [...networks].map((network) => [`${dot(network)}target_modules`, targets(modules, dot(network))]),
      ),
    );
  }
  const header = { ...adapter.header, metadata };
  const renamed: Adapter = { ...adapter, naming: to, modules, config: null, alphaFrom: 'person', header };
  const said = newMetadataAndConfig(renamed);
  return {
    metadata: to === 'kohya' ? { ...said.metadata, ...kohyaSays(modules) } : said.metadata,
    config:
      to === 'peft' && said.config !== null
        ? withMarks(said.config, modules, adapter.config?.fanInFanOut ?? null)
        : null,
  };
}

const dot = (network: string) => (network === '' ? '' : `${network}.`);

/** Layers as PEFT's target_modules: whole names, so that no other layer of their kind matches. */
const targets = (modules: readonly Module[], front: string) =>
  modules.filter(({ name }) => name.startsWith(front)).map(({ name }) => name.slice(front.length));

function kohyaSays(modules: readonly Module[]) {
  const one = (values: readonly (number | null)[]) =>
    values.every((value) => value === values[0]) ? String(values[0]) : 'Dynamic';
  return {
    ss_network_module: 'networks.lora',
    ss_network_dim: one(modules.map(({ rank }) => rank)),
    ss_network_alpha: one(modules.map(({ alpha }) => alpha)),
  };
}

/** The text of a new adapter_config.json with the fields that PEFT expects; fan_in_fan_out by the names if it is null. */
export function withMarks(text: string, modules: readonly Module[], fanInFanOut: boolean | null): string {
  const json: object = JSON.parse(text);
  const conv1d = modules.some(({ name }) => /(?:^|\.)(?:c_attn|c_proj|c_fc|q_attn)$/.test(name));
  const marks = {
    use_dora: modules.some(({ magnitude }) => magnitude !== null),
    use_rslora: false,
    fan_in_fan_out: fanInFanOut ?? conv1d,
    bias: 'none',
    lora_bias: modules.some(({ tensors }) => tensors.bias),
    lora_dropout: 0,
    inference_mode: true,
  };
  return `${JSON.stringify({ ...json, ...marks, target_modules: targets(modules, '') }, null, 2)}\n`;
}

/** The largest relative difference of s; a Fault if a tensor's bytes changed, or a module is missing. */
export async function compareConverted(
  before: AdapterSource,
  after: AdapterSource,
  to: ConvertTo,
  { signal, progress }: WorkOptions = {},
): Promise<number | Fault> {
  const given = await inLayers(before, to);
  if ('fault' in given) return given;
  const [wanted, conversion] = [withNames(given, to), conversionOf(given.adapter, to)];
  if ('fault' in wanted) return wanted;
  if ('fault' in conversion) return conversion;
  const written = new Map(after.adapter.header.tensors.map((tensor) => [tensor.name, tensor]));
  const { tensors } = wanted.file;
  for (const [i, tensor] of tensors.entries()) {
    signal?.throwIfAborted();
    const found = written.get(tensor.name);
    if (!found) return differs(`${safeName(tensor.name)} is not in it.`);
    if (!(await same(tensor, after.source, found)))
      return differs(
        `${safeName(tensor.name)} was read back with other bytes. The disk may be at fault: write it once more.`,
      );
    progress?.(i + 1, tensors.length);
  }
  return difference(conversion, after.adapter);
}

const differs = (details: string): Fault => ({ fault: 'The file that was written differs.', details });

async function same(tensor: OutputTensor, source: ByteSource, found: TensorEntry): Promise<boolean> {
  if (found.dtype !== tensor.dtype || String(found.shape) !== String(tensor.shape)) return false;
  let at = found.from;
  const bytes = tensor.bytes();
  for await (const piece of Symbol.asyncIterator in bytes ? bytes : [bytes]) {
    const read = await source.read(at, Math.min(found.to, at + piece.length));
    if (read.length !== piece.length || !read.every((byte, i) => byte === piece[i])) return false;
    at += piece.length;
  }
  return at === found.to;
}

function difference({ tensors }: Conversion, after: Adapter): number | Fault {
  const found = new Map(after.modules.map((module) => [module.tensors.down?.name, module]));
  let max = 0;
  for (const { module, part, after: name } of tensors) {
    if (part !== 'down') continue;
    const scaling = found.get(name)?.scaling ?? null;
    if (module.scaling === null || scaling === null)
      return differs(`Its tensors are the right ones, but ${safeName(module.name)} has lost its α.`);
    if (scaling !== module.scaling) max = Math.max(max, Math.abs(scaling / module.scaling - 1));
  }
  return max;
}
