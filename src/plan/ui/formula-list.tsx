import { type ReactNode, useId } from 'react';
import { count, trim } from '../../experiment/numbers.ts';
import { LinkButton, optionsOf, Select } from '../../kit/button.tsx';
import { NumberField, numberReader } from '../../kit/number-field.tsx';
import { shareText } from '../model/cost-text.ts';
import { multiplyAdds, totalsOf } from '../model/counts.ts';
import { BASE_NAMES, blockCount, FORMAT_NAMES, moduleNumbers, NUMBER_BYTES, nf4Bytes } from '../model/models.ts';
import { ASSUMPTIONS, type AssumptionName, assumption, type Cost, minOf } from '../model/setting.ts';
import { useCost } from './choices.tsx';

interface FormulaListProps {
  /** Further items. */
  readonly children?: ReactNode;
}

export function FormulaList({ children }: FormulaListProps) {
  const [cost] = useCost();
  const { model, weights, adapter, base, checkpoints, batch, tokens } = cost;
  const { trained } = totalsOf(cost);
  const { merged, unmerged } = multiplyAdds(cost);
  const [all, matrices] = [model.parameters, moduleNumbers(model)];
  const bits = trim(8 * nf4Bytes(assumption(cost, 'block'), assumption(cost, 'group')), 4);
  const text = model.tokens !== null;
  const fields = (...names: readonly AssumptionName[]) => names.map((name) => <Assumed key={name} name={name} />);
  return (
    <div className="counted">
      <Item title="Trained parameters">
        A matrix of d × k numbers with an adapter of rank r trains r(d + k): r columns of B with d numbers, r rows of A
        with k. That is fewer than dk below the break-even rank dk/(d + k). Here: {count(trained)} of {count(all)}.
      </Item>
      <Item title="Weights, Full and LoRA">
        {count(all)} numbers × {NUMBER_BYTES[weights]} bytes ({FORMAT_NAMES[weights]}). LoRA adds A and B:{' '}
        {count(trained)} × {NUMBER_BYTES[adapter]} bytes ({FORMAT_NAMES[adapter]}).
      </Item>
      <Item title="Weights, quantised" fields={<Base />}>
        The matrices of the table, {count(matrices)} numbers, are stored in {BASE_NAMES[base]}.{' '}
        {base === 'nf4'
          ? `Each number takes 4 bits and its part of the scales: ${bits} bits in all. With a second scale, a scale takes 1 byte instead of 4.`
          : 'Each number takes 1 byte, and each row one scale in float32.'}{' '}
        The rest, {count(all - matrices)} numbers (embeddings, norms, biases, output), stays in {FORMAT_NAMES[weights]}.
        A and B are added as above.
        {base === 'nf4' && <div className="fields">{fields('block', 'group')}</div>}
      </Item>
      <Item title="Bits of one number">
        float32 has 32, bfloat16 16. 8 bits have a float32 scale for each row: 8 + 32/k. NF4 has 4 and a float32 scale
        for each block of 64: 4.5. With a second scale for each 256 of the first, of which each is then a byte: 4.127.
      </Item>
      <Item title="Gradients" fields={fields('fullgrad', 'loragrad')}>
        One for each trained parameter: {count(all)} in full, {count(trained)} with LoRA.
      </Item>
      <Item title="Optimiser" fields={fields('state', 'copy')}>
        Adam keeps two numbers in float32 for each trained parameter, momentum one. 8-bit Adam keeps two bytes, and
        scales for blocks of 256. Mixed precision often trains a float32 copy of the weights: set 4 bytes to count it.
      </Item>
      <Item title="Activations" fields={fields('act', 'kept', 'score', ...(text ? (['logit'] as const) : []))}>
        {checkpoints
          ? `With checkpoints, the input of each of the ${count(blockCount(model))} ${model.block}s is kept, and one ${model.block} in full while its backward pass is made.`
          : `Without checkpoints, each of the ${count(blockCount(model))} ${model.block}s is kept in full.`}{' '}
        Kept in full are the inputs and outputs of norms, q, k, v, what attention gives, and the inside of the
        feed-forward part. {text && `The output has ${count(model.logits)} numbers for each token. `}
        {text
          ? `${count(batch)} × ${count(tokens)} tokens.`
          : `${count(batch)} ${batch === 1 ? 'picture' : 'pictures'} of ${model.blocks.map((one) => count(one.tokens ?? 0)).join(', ')} tokens.`}{' '}
        {formula(cost)} {model.name === 'sd15-unet' && 'The convolutions between the blocks are not counted. '}
        All three bars have the same: LoRA keeps a little less, as a frozen matrix does not need its input, and r
        numbers more for each adapted matrix and token.
      </Item>
      <Item title="Running, per token">
        The adapted matrices take dk multiply-adds each, {count(merged)} in all. Unmerged they take dk + r(d + k),
        together {count(unmerged)}
        {merged > 0 && `, ${shareText(unmerged / merged - 1)} more`}.
      </Item>
      <Item title="Cards">
        1 GiB is 2³⁰ bytes. A card sold as 16 GB has about 16 GiB. Not counted: the buffers and kernels of the program,
        memory lost between tensors, dequantised copies while a matrix is used. Add one or two GiB.
      </Item>
      {children}
    </div>
  );
}

/** Activation bytes as a formula with numbers, if all blocks are alike. */
function formula(cost: Cost): string {
  const { model, batch, tokens, checkpoints } = cost;
  const [first, ...others] = model.blocks;
  if (!first || others.length > 0) return '';
  const [act, kept, score] = [assumption(cost, 'act'), assumption(cost, 'kept'), assumption(cost, 'score')];
  const n = first.tokens ?? tokens;
  const scores = score === 0 ? '' : ` + ${count(first.heads)} × ${count(n)} × ${score}`;
  const whole = `${trim(kept, 4)} × ${count(first.width)} × ${act}${scores}`;
  const inside = checkpoints
    ? `${count(first.count)} × ${count(first.width)} × ${act} + ${whole}`
    : `${count(first.count)} × (${whole})`;
  const output = model.logits > 0 ? ` + ${count(model.logits)} × ${assumption(cost, 'logit')}` : '';
  return `In bytes: ${count(batch)} × ${count(n)} × (${inside}${output}).`;
}

interface ItemProps {
  readonly title: string;
  readonly fields?: ReactNode;
  readonly children: ReactNode;
}

export function Item({ title, fields, children }: ItemProps) {
  return (
    <section>
      <h3>{title}</h3>
      <div>{children}</div>
      {fields && <div className="fields">{fields}</div>}
    </section>
  );
}

function Assumed({ name }: { readonly name: AssumptionName }) {
  const [cost, set] = useCost();
  const { label, unit, max, whole, usual } = ASSUMPTIONS[name];
  const usually = usual(cost);
  const own = cost.assumed[name] !== undefined;
  const to = (value: number) => {
    const { [name]: _, ...others } = cost.assumed;
    set({ ...cost, assumed: value === usually ? others : { ...others, [name]: value } });
  };
  return (
    <div className="row wrap soft">
      <span>{label}</span>
      <NumberField
        aria-label={label}
        value={assumption(cost, name)}
        read={numberReader(minOf(name), max, whole)}
        style={{ width: '7ch' }}
        onValue={to}
      />
      <span>{unit}</span>
      {own && <LinkButton onClick={() => to(usually)}>Reset</LinkButton>}
    </div>
  );
}

function Base() {
  const [cost, set] = useCost();
  const id = useId();
  return (
    <div className="row wrap soft">
      <label htmlFor={id}>Frozen matrices of the third bar</label>
      <Select
        id={id}
        className="pick"
        options={optionsOf(BASE_NAMES)}
        value={cost.base}
        onChange={(base) => set({ ...cost, base })}
      />
    </div>
  );
}
