import { fusedChunk } from './fused-parts.ts';
import * as fused from './index.ts';

fusedChunk.give(fused);
