import { visible } from '../faults.ts';
import { diffusers } from './diffusers.ts';
import { kohya } from './kohya.ts';
import { lycoris } from './lycoris.ts';
import { mlx } from './mlx.ts';
import type { NamingFamily, Reading } from './naming.ts';
import { peft } from './peft.ts';

/** Every family, the more special ones first: a name belongs to the first that can read it. */
const FAMILIES: readonly NamingFamily[] = [diffusers, peft, kohya, lycoris, mlx];

/** What the name of a tensor says, and by which family; null for a tensor that is no part of an adapted layer. */
export function readName(name: string): (Reading & { readonly family: NamingFamily }) | null {
  for (const family of FAMILIES) {
    const reading = family.read(name);
    if (reading) return { ...reading, family };
  }
  return null;
}

/** The names of a file for a person, from the name of one of its tensors: "to_k.lora.down", "lora_unet_….lora_down". */
export function namesLike(tensor: string): string {
  const words = tensor.replace(/\.weight$/, '').split('.');
  const tail = words.slice(/^(down|up)$/.test(words.at(-1) ?? '') ? -3 : -2);
  const [first, ...rest] = tail;
  const start = /^(lora_[a-z0-9]{1,20}_|lycoris_)/.exec(first)?.[0] ?? `${first.slice(0, 12)}`;
  return visible([first.length > 24 ? `${start}…` : first, ...rest.map((word) => word.slice(0, 24))].join('.'));
}
