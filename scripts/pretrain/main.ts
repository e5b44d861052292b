import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { toBytes } from '../../src/adapters/file/safetensors/numbers.ts';
import { readWeights, WEIGHTS, type WeightsName } from '../../src/experiment/network/weights.ts';
import { accuracyOf, answersTo } from './measure.ts';
import { build, taskOf, type Weights, weightBytes } from './networks.ts';
import { pretrain } from './recipes.ts';
import { adaptationNames, table } from './table.ts';

const HELP = `node scripts/pretrain.mjs …
  NAME … | all           trains networks and writes src/experiment/network/weights/NAME.f16
  --verify NAME … | all  trains them again and compares the bytes
  --try SEED NAME …      trains from another seed and writes nothing
  --table TASK … | all [--seeds 1,2,3] [--methods 1,4,8,16] [--rule]  adapts the shipped networks
         ${adaptationNames.join(', ')}
  names: ${Object.keys(WEIGHTS).join(', ')}`;

/** Of the shipped files. */
const SEED = 2;

/** Float16, little endian, each number rounded once to nearest, ties to even. */
export function encode(weights: Weights): Uint8Array {
  return Uint8Array.from([...weights.values()].flatMap((values) => [...toBytes(values, 'F16')]));
}

function accuracy(name: WeightsName, weights: Weights, seed: number) {
  const { net } = build(name, weights);
  const { heldOut } = taskOf(name, seed);
  const found = answersTo(net, heldOut);
  return { found, ...accuracyOf(found, heldOut, net.logits.rows / net.n) };
}

export function main(args: readonly string[]): number {
  if (args[0] === '--table') return table(args.slice(1));
  const verifies = args[0] === '--verify';
  const tries = args[0] === '--try';
  const seed = tries ? Number(args[1]) : SEED;
  const asked = args.slice(tries ? 2 : verifies ? 1 : 0);
  const names = (Object.keys(WEIGHTS) as WeightsName[]).filter((name) => asked.includes(name) || asked[0] === 'all');
  if (names.length === 0 || (asked[0] !== 'all' && names.length < asked.length)) {
    console.error(HELP);
    return 2;
  }
  let code = 0;
  for (const name of names) {
    const weights = pretrain(name, seed, (step, loss) => {
      if (step % 100 === 0) console.log(`${name} step ${step} loss ${loss.toPrecision(4)}`);
    });
    const bytes = encode(weights);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const [before, after] = [weights, readWeights(name, bytes)].map((it) => accuracy(name, it, seed));
    const changed = before.found.filter((answer, i) => answer !== after.found[i]).length;
    console.log(
      `${name} ${bytes.length} bytes, sha256 ${sha256}, right ${after.answers.toFixed(4)}, whole ${after.whole.toFixed(4)}, ` +
        `${changed} of ${before.found.length} answers changed by float16`,
    );
    if (!verifies && !tries) writeFileSync(`src/experiment/network/weights/${name}.f16`, bytes);
    else if (verifies && Buffer.compare(bytes, weightBytes(name)) !== 0) {
      console.error(`${name}: the shipped file has other bytes.`);
      code = 1;
    }
  }
  return code;
}
