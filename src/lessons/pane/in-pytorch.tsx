import { torchInit } from '../../experiment/export/torch-inits.ts';
import { TORCH_LAYER } from '../../experiment/export/torch-layer.ts';
import type { InitName } from '../../experiment/inits/index.ts';

/** A formula as the exported scripts compute it, folded away. */
function InPyTorch({ code }: { readonly code: string }) {
  return (
    <details className="in-pytorch space-below">
      <summary>In PyTorch</summary>
      <pre>
        <code>{code}</code>
      </pre>
    </details>
  );
}

/** The layer of an exported script. */
export const TORCH_OF_LAYER = <InPyTorch code={TORCH_LAYER} />;

/** An initialisation of a weight W, d × k, as exported scripts draw it; these leave out type and device. */
export const torchOfInit = (init: InitName) => (
  <InPyTorch code={torchInit(init).lines.join('\n').replaceAll(', **like', '')} />
);
