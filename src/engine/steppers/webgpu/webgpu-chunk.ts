import { fusedParts } from './hand-over.ts';
import * as fused from './index.ts';

fusedParts.give(fused);
