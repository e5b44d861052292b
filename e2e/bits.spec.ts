import { sameBits } from './bits.ts';

sameBits('WebGPU', '?backend=webgpu', 5);
sameBits('the processor', '?backend=cpu');
