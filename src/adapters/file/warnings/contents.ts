import type { ModuleKind, TensorEntry } from '../model.ts';
import { countOf } from '../safetensors/types.ts';
import {
  type Check,
  checkSentence,
  indicesOf,
  marksOf,
  moduleTitle,
  NO_CHANGE_TEXT,
  percent,
  plural,
  shortName,
} from './check.ts';

export const nonFiniteEntries: Check = {
  passed: 'no NaN',
  reads: true,
  find({ read }) {
    const found = read.flatMap(([module, { finite }]) => (finite ? [] : [module]));
    if (found.length === 0) return null;
    const one = found.length === 1;
    return {
      about: 'not-finite',
      tone: 'bad',
      title: `NaN in ${one ? moduleTitle(found[0]) : plural(found.length, 'module')}.`,
      details: `${one ? 'It has' : 'They have'} NaN or infinite numbers, or ΔW is infinite, so nothing is computed for ${one ? 'this module' : 'them'}.`,
      modules: indicesOf(found),
      acts: ['show'],
    };
  },
};

/** Every entry of B is 0: as initialised. */
export const untrainedFactors: Check = {
  passed: 'no B of zeros',
  reads: true,
  find({ adapter, read }) {
    const found = read.flatMap(([module, { untrained, finite }]) => (untrained && finite ? [module] : []));
    if (found.length === 0) return null;
    const all = found.length === adapter.modules.length;
    const zero = all
      ? 'Every B is all zero, as before the first step of training, so every ΔW is 0.'
      : `${found.length === 1 ? 'Its' : 'Their'} B is all zero, so ΔW = 0.`;
    return {
      about: 'untrained',
      tone: 'bad',
      title: all ? NO_CHANGE_TEXT : checkSentence(found, 'was never trained', 'were never trained'),
      details: found.every(({ kind }) => kind === 'lora')
        ? zero
        : `${all ? 'Every ΔW is 0' : 'ΔW = 0'}: its factors are zero.`,
      ...marksOf(found, adapter),
    };
  },
};

/** Magnitudes make ΔW depend on W₀. */
export const dora: Check = {
  find({ adapter }) {
    const found = adapter.modules.filter(({ magnitude }) => magnitude !== null);
    if (found.length === 0) return null;
    const all = found.length === adapter.modules.length;
    const axis = found.every(({ magnitude }) => magnitude === 'per input') ? 'column' : 'row';
    return {
      about: 'dora',
      tone: 'look',
      title: all
        ? 'This file is DoRA.'
        : `${plural(found.length, 'module')} ${found.length === 1 ? 'is' : 'are'} DoRA.`,
      details: `Magnitudes scale W₀ + s·B·A ${axis} by ${axis}, and W₀ is not in the file: the true ΔW is unknown here. Shown are s·B·A and the magnitudes; ${all ? 'resize and merge are off' : `${found.length === 1 ? 'this module is' : 'these modules are'} not resized or merged`}.`,
      ...marksOf(found, adapter),
    };
  },
};

/** GPT-2's layers keep their weights as in × out. */
export const fanInFanOut: Check = {
  find({ adapter: { config } }) {
    if (!config?.fanInFanOut) return null;
    return {
      about: 'fan-in-fan-out',
      tone: 'look',
      title: 'Weights are stored transposed (fan_in_fan_out).',
      details: 'd and k are shown as the layer uses them.',
      modules: [],
      acts: [],
    };
  },
};

/** Tensors that are no part of an adapted layer: modules_to_save, embeddings. */
export const wholeTensors: Check = {
  find({ adapter: { others, header, bytes } }) {
    if (others.length === 0) return null;
    const size = others.reduce((sum, { from, to }) => sum + to - from, 0);
    const numbers = others.reduce((sum, { shape }) => sum + countOf(shape), 0);
    const data = header.tensors.reduce((sum, { from, to }) => sum + to - from, 0);
    const share = size / Math.max(1, Math.min(data, bytes));
    const names = layersOf(others);
    const few = names.length > 2 ? `${plural(others.length, 'tensor')}, such as ${names[0]},` : names.join(' and ');
    return {
      about: 'whole',
      tone: 'look',
      title: `${percent(share)} of the file is not LoRA.`,
      details: `${few} ${names.length === 1 ? 'is' : 'are'} stored whole (${plural(numbers, 'number')}) and copied unchanged.`,
      modules: [],
      acts: ['names'],
    };
  },
};

/** Names of layers, without PEFT's prefixes and without weight and bias. */
function layersOf(tensors: readonly TensorEntry[]): readonly string[] {
  const names = tensors.map(({ name }) =>
    shortName(
      name.replace(/^base_model\.model\./, '').replace(/\.(?:modules_to_save(?:\.\w{1,40})?)?\.?(?:weight|bias)$/, ''),
    ),
  );
  return [...new Set(names)];
}

export const unpairedFactors: Check = {
  passed: 'every A has its B',
  find({ adapter: { unpaired: list } }) {
    if (list.length === 0) return null;
    const [tensor, why] = list[0];
    const one = list.length === 1;
    const alone = list.every(([, reason]) => reason.endsWith('is missing.'));
    const what = alone ? `${one ? 'has' : 'have'} no partner` : `${one ? 'is' : 'are'} not read as part of a module`;
    return {
      about: 'unpaired',
      tone: 'look',
      title: `${plural(list.length, 'tensor')} ${what}.`,
      details: `${shortName(tensor.name)}: ${why} ${one ? 'It is' : 'They are'} copied unchanged.`,
      modules: [],
      acts: ['names'],
    };
  },
};

const KINDS: Readonly<Record<Exclude<ModuleKind, 'lora'>, string>> = { loha: 'LoHa', lokr: 'LoKr', full: 'a whole ΔW' };

export const otherKinds: Check = {
  find({ adapter }) {
    const found = adapter.modules.filter(({ kind }) => kind !== 'lora');
    if (found.length === 0) return null;
    const kinds = (['loha', 'lokr', 'full'] as const).flatMap((kind) => {
      const n = found.filter((module) => module.kind === kind).length;
      return n === 0 ? [] : [`${n} ${KINDS[kind]}`];
    });
    const rest = adapter.modules.length - found.length;
    const one = found.length === 1;
    const named = kinds.join(', ');
    return {
      about: 'kinds',
      tone: 'look',
      title:
        rest === 0
          ? `This file has no LoRA pairs (${named}).`
          : `${plural(found.length, 'module')} ${one ? 'is no LoRA pair' : 'are no LoRA pairs'} (${named}).`,
      details: `${one ? 'It is' : 'They are'} shown, but only LoRA pairs are resized and merged.${rest === 0 ? '' : ` The other ${rest === 1 ? 'module is one' : `${plural(rest, 'module')} are`}.`}`,
      ...marksOf(found, adapter),
    };
  },
};
