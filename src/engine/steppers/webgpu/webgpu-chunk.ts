import { fusedParts } from './hand-over.ts';
import { buffersAlive, compileFused, fusedMissing, fusedStepper } from './index.ts';

fusedParts.give({ buffersAlive, compileFused, fusedMissing, fusedStepper });
