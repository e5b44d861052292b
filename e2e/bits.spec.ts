import { bitsTest } from './bits.ts';

bitsTest('WebGPU', '?backend=webgpu', 5);
bitsTest('the processor', '?backend=cpu');
